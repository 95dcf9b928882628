#!/usr/bin/env bash
# The README is true: every command in its console blocks is run, in order, and prints what the
# README says it prints, but for numbers (pids, offsets).
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

# Numbers become N and runs of blanks one, so that a pid may differ and a missing word may not.
plain() {
  sed -E 's/[0-9]+/N/g; s/[[:space:]]+/ /g; s/ $//'
}

# The README speaks of the default ports. Where they are taken the same commands run beside them.
base=6379
if port_is_open 6379 || port_is_open 26379 || [[ -e $root/.watchword/6379 ]]; then
  base=$(free_ports 3)
fi

move_ports() {
  if ((base == 6379)); then
    cat
  else
    sed -E "s/(watchword (up|status|down))/\1 --port-base $base/
      s/\b26379\b/$((base + 20000))/; s/\b6379\b/$base/; s/\b6380\b/$((base + 1))/"
  fi
}

run_one() { # COMMAND WANTED-OUTPUT
  local got
  got=$(cd "$root" && bash -c "$1" 2>/dev/null)
  expect "\$ $1" "$(plain <<<"$2")" "$(plain <<<"$got")"
}

steps=$(awk '/^```/ { inside = /console/; next } inside' "$root/README.md" | move_ports)
command='' wanted=''
while IFS= read -r line; do
  if [[ $line == '$ '* ]]; then
    [[ -z $command ]] || run_one "$command" "$wanted"
    command=${line#'$ '} wanted=''
  else
    wanted+=${wanted:+$'\n'}$line
  fi
done < <(grep -v '^\$ ./watchword test' <<<"$steps")
[[ -z $command ]] || run_one "$command" "$wanted"
rm -rf "$root/.watchword/$base"

while read -r link; do
  [[ -e $root/$link ]] || not_ok "the README links to $link, which is not there"
done < <(grep -oE '\]\([^):#]+\)' "$root/README.md" | tr -d '])(')

expect "CI runs the README's test command" "exec $(grep -o './watchword test' "$root/README.md" |
  head -1)" "$(tail -1 "$root/.ci/run")"

finish
