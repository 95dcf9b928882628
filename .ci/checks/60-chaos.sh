#!/usr/bin/env bash
# The chaos harness as a user runs it: the short profile on stock Redis and on Watchword, the same
# findings again from the stored histories, its page published, and histories of others judged.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

# Whether a run ended with 4 because the control was not caught, and for no other reason: chance
# decides whether stock Redis loses anything. What is unknown of ours is no matter of chance.
control_escaped() { # STATUS
  (($1 == 4)) &&
    grep -qE '^stock .* unknown: the control was not caught with ' "$work/chaos.out" &&
    ! grep -E '^[a-z]+ .* (unknown|violated): ' "$work/chaos.out" |
    grep -qvE '^stock .* unknown: the control was not caught with '
}

# Such a run has shown nothing: another seed is tried, once, and what is thrown away is printed.
for seed in 1 2; do
  run=$work/chaos-$seed
  echo "chaos --profile short --seed $seed, about 4 minutes"
  "$watchword" chaos --profile short --seed $seed --out "$run" >"$work/chaos.out" 2>&1
  status=$?
  grep -v '^\[' "$work/chaos.out"
  control_escaped $status || break
  ((seed == 1)) && echo "the run above proves nothing, since the control was not caught:" \
    "thrown away, and tried again with another seed"
done
expect "everything found is what was expected: the control is caught, we keep our claims" 0 $status

# A cell's line and the line of its workload `set`.
verdict_of() { # SYSTEM NEMESIS
  awk -v s="$1" -v n="$2" '$1 == s && $2 == n { found = 1; print $3; exit }' "$work/chaos.out"
}
set_of() { # SYSTEM NEMESIS
  awk -v s="$1" -v n="$2" '$1 == s && $2 == n { cell = 1 } cell && $1 == "set" { print; exit }' \
    "$work/chaos.out"
}
for nemesis in partition planned-failover; do
  for system in stock watchword; do
    expect "$system, $nemesis: verdict" expected "$(verdict_of $system $nemesis)"
  done
  expect "stock, $nemesis: acknowledged writes are lost" yes \
    "$(set_of stock $nemesis | grep -qE 'found [1-9][0-9]* of' && echo yes)"
done
expect "watchword, planned-failover: none is lost" yes \
  "$(set_of watchword planned-failover | grep -qE 'found 0 of [1-9]' && echo yes)"

"$watchword" chaos analyze "$run" >"$work/analyze.out" 2>&1
expect "analyze: the same exit status from the files alone" $status $?
expect "analyze: the same findings" \
  "$(grep -E '^(stock|watchword) ' "$work/chaos.out")" \
  "$(grep -E '^(stock|watchword) ' "$work/analyze.out")"

"$watchword" report "$run" --out "$work/reports" >/dev/null 2>&1
expect "report: a run is published" 0 $?
for page in "$run/index.html" "$work/reports/index.html"; do
  expect "report: $(basename "$(dirname "$page")")/index.html loads nothing" "" \
    "$(grep -oE '(src|href)="(https?:)?//[^"]*"' "$page" | head -3)"
done

judged() { # FILE...: exit status of check-history
  (cd "$root/chaos/src/test/resources/histories" &&
    "$watchword" chaos check-history "$@" >/dev/null 2>&1
    echo $?)
}
expect "check-history: valid histories" 0 "$(judged register-valid.edn kv-valid.txt etcd-valid.log)"
expect "check-history: a stale read" 1 "$(judged register-stale.edn)"
expect "check-history: a cycle" 1 "$(judged elle-g1c.txt)"
expect "check-history: a damaged file" 2 "$(judged damaged-half.edn)"

for wrong in "--nemesis no-such" "--workload no-such" "--system no-such" "--mode linearizable" \
  "--nodes-count 4" "--schedule $root/README.md"; do
  # shellcheck disable=SC2086
  "$watchword" chaos $wrong --out "$work/wrong" >"$work/wrong.out" 2>&1
  status=$?
  expect "chaos ${wrong/"$root/"/}: refused before anything starts" "2 no" \
    "$status $([[ -e $work/wrong ]] && echo yes || echo no)"
done

expect "nothing is left running" "" "$(pgrep -f "$run" | head -3)"

finish
