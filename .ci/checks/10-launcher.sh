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

missing=
while read -r command; do
  grep -q "$command" <("$root/watchword" help) || missing+=" $command"
done < <(sed -n 's/^\([a-z][a-z |]*\)).*/\1/p' "$root/watchword" | tr -d ' ' | tr '|' '\n')
expect "help mentions every command" "" "$missing"

finish
