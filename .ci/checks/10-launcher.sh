#!/usr/bin/env bash
# The launcher itself: exit statuses, any working directory, symlinks, what it offers.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

status_of() {
  "$@" >"$work/out" 2>"$work/err"
  echo $?
}

expect "help ends with 0" 0 "$(status_of "$root/watchword" help)"
expect "no command prints the help" 0 "$(status_of "$root/watchword")"
expect "an unknown command ends with 2" 2 "$(status_of "$root/watchword" nonsense)"
expect "sentinel without a file ends with 2" 2 "$(status_of "$root/watchword" sentinel)"
expect "an unknown option of cli ends with 2" 2 "$(status_of "$root/watchword" cli --nonsense)"
expect "cli without a node ends with 1" 1 "$(status_of "$root/watchword" cli -p 1 ping)"
expect "a WATCHWORD_JAVA that is none ends with 3" 3 \
  "$(WATCHWORD_JAVA=$work status_of "$root/watchword" cli ping)"

version=$("$root/watchword" version)
ln -s "$root/watchword" "$work/link"
mkdir "$work/bin"
ln -s ../link "$work/bin/again"
expect "it works through symlinks from another folder" "$version" \
  "$(cd / && "$work/bin/again" version)"

# A tree with empty jars, and a JDK that only says that it was started: it has no archives yet.
tree="$work/a \"b\" tree" jdk=$work/jdk
mkdir -p "$tree/target" "$tree/.mvn" "$tree/engine/target" "$tree/engine/src/main" "$jdk/bin"
cp "$root/watchword" "$root/pom.xml" "$tree"
: >"$tree/engine/pom.xml"
: >"$tree/engine/target/engine-${version#* }.jar"
: >"$tree/target/watchword.built"
printf '#!/bin/sh\necho started\n' | tee "$jdk/bin/java" >"$jdk/bin/javac"
chmod 755 "$jdk/bin/java" "$jdk/bin/javac" "$work"
echo 'JAVA_VERSION="99"' >"$jdk/release"
unwritable() { # COMMAND...: as somebody who may not write the tree
  local nobody=()
  [[ $(id -u) -ne 0 ]] || nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  chmod 555 "$tree/target"
  (cd / && WATCHWORD_NO_BUILD= WATCHWORD_JAVA=$jdk status_of "${nobody[@]}" "$tree/watchword" "$@")
  chmod 755 "$tree/target"
}
expect "a tree that may not be written starts" "0 started" "$(unwritable status) $(cat "$work/out")"
expect "without a folder for temporary files it starts" "0 started" \
  "$(WATCHWORD_NO_BUILD= WATCHWORD_JAVA=$jdk TMPDIR=$work/none \
    status_of "$tree/watchword" status) $(cat "$work/out")"
touch -d '+1 minute' "$tree/pom.xml"
expect "a tree that may not be written and is not built ends with 3" 3 "$(unwritable status)"

missing=
while read -r command; do
  grep -q "$command" <("$root/watchword" help) || missing+=" $command"
done < <(sed -n 's/^\([a-z][a-z |]*\)).*/\1/p' "$root/watchword" | tr -d ' ' | tr '|' '\n')
expect "help mentions every command" "" "$missing"

finish
