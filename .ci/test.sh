# shellcheck shell=bash
#
# `./watchword test`: the reactor's tests, then the checks of .ci/checks that need whole processes.
# Sourced by ../watchword, which has set root, MAVEN and JAVA_HOME and found what the tests need.
#
# A skipped test counts as failed: whatever it lacked should have been there, and a test that did
# not run proves nothing.

results=$root/target/test-results
passed=0 failed=0
parts=()

part_done() { # NAME SECONDS PASSED FAILED
  parts+=("$(printf '%-28s %5d s %6d passed %4d failed' "$1" "$2" "$3" "$4")")
  passed=$((passed + $3)) failed=$((failed + $4))
}

# Adds up the attributes of the <testsuite> elements that Surefire wrote in one module.
count_reports() { # MODULE -> "TESTS BAD"
  local files=("$root/$1"/target/surefire-reports/TEST-*.xml)
  [[ -e ${files[0]} ]] || { echo "0 0"; return; }
  sed -n 's/^<testsuite \(.*\)/\1/p' "${files[@]}" | awk '
    function attribute(name) {
      if (!match($0, " " name "=\"[0-9]+")) { return 0 }
      return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3)
    }
    { tests += attribute("tests")
      bad += attribute("errors") + attribute("failures") + attribute("skipped") }
    END { print tests + 0, bad + 0 }'
}

run_module_tests() {
  local log=$results/maven.log module started=$SECONDS status=0
  rm -rf "$root"/*/target/surefire-reports
  # A failing test must not keep the modules that build on it from being tested.
  (cd "$root" && "$MAVEN" -B --fail-at-end -Dmaven.test.failure.ignore=true verify 2>&1) |
    tee "$log" |
    sed -un -e 's/^\[INFO\] Building Watchword \([a-z][^ ]*\).*/== \1/p;t' \
      -e '/^\[ERROR\]/{p;d}' -e '/Tests run:.*Time elapsed/p' || status=1
  for module in "${MODULES[@]}"; do
    local counts tests bad seconds
    counts=$(count_reports "$module")
    tests=${counts% *} bad=${counts#* }
    seconds=$(module_seconds "$module" "$log")
    part_done "$module" "$seconds" $((tests - bad)) "$bad"
  done
  # A module that does not compile has no failing test; the build itself is one more verdict.
  part_done "build (formatter, linters)" $((SECONDS - started)) $((1 - status)) "$status"
}

module_seconds() { # MODULE LOG: from Maven's reactor summary, in which a name is not the folder's
  local name
  name=$(sed -n 's/.*<name>\(.*\)<\/name>.*/\1/p' "$root/$1/pom.xml" | head -1)
  awk -v name="$name " 'index($0, "[INFO] " name) && / (SUCCESS|FAILURE) / {
      match($0, /\[ *[0-9:.]+ *(s|min)/); value = substr($0, RSTART + 1, RLENGTH - 1)
      if (value ~ /min/) { split(value, part, /[: ]+/); value = part[1] * 60 + part[2] }
      seconds = int(value + 0.5) }
    END { print seconds + 0 }' "$2"
}

# A check is a script that prints "ok ..." or "not ok ..." lines; a non-zero exit is a failure too.
run_check_script() {
  local check=$1 name started=$SECONDS log good bad status=0
  name=$(basename "$check" .sh)
  log=$results/$name.log
  printf '== %s\n' "$name"
  bash "$check" 2>&1 | tee "$log" || status=$?
  good=$(grep -c '^ok ' "$log" || true)
  bad=$(grep -c '^not ok ' "$log" || true)
  if ((status != 0 && bad == 0)) || ((good + bad == 0)); then
    printf 'not ok %s ended with status %d\n' "$name" "$status"
    bad=$((bad + 1))
  fi
  part_done "$name" $((SECONDS - started)) "$good" "$bad"
}

mkdir -p "$results"
rm -f "$results"/*.log
compile
run_module_tests
export WATCHWORD_NO_BUILD=1
for check in "$root"/.ci/checks/*.sh; do
  run_check_script "$check"
done
printf '\n'
printf '%s\n' "${parts[@]}"
printf '\n%d passed, %d failed\n' "$passed" "$failed"
((failed == 0)) || exit "$EXIT_FAILED"
