#!/usr/bin/env bash
# up, status, down: a cluster comes up whole or not at all, and leaves nothing behind.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

cycles=${CYCLES:-3}
base=$(free_ports 3)
dir=$work/cycles

still_open() {
  local port
  for port in $((base)) $((base + 1)) $((base + 2)) $((base + 20000)) $((base + 20001)) \
    $((base + 20002)) $((base + 25000)) $((base + 25001)) $((base + 25002)); do
    ! port_is_open "$port" || printf '%s ' "$port"
  done
}

for ((cycle = 1; cycle <= cycles; cycle++)); do
  "$watchword" up --detach --port-base "$base" --dir "$dir" >"$work/up.out" 2>&1
  expect "cycle $cycle: up returns 0" 0 $?
  expect "cycle $cycle: status finds every node up" 0 \
    "$("$watchword" status --dir "$dir" >/dev/null; echo $?)"
  [[ $cycle -gt 1 ]] || at "$base" set kept-over-cycles yes >/dev/null
  "$watchword" down --dir "$dir" >/dev/null
  expect "cycle $cycle: down leaves no process" 0 "$(left_over)"
  expect "cycle $cycle: down leaves no port" "" "$(still_open)"
done

"$watchword" up --detach --port-base "$base" --dir "$dir" >/dev/null 2>&1
expect "a resumed cluster holds what was written before" yes "$(at "$base" get kept-over-cycles)"
expect "a second up --detach finds it up already" 0 \
  "$("$watchword" up --detach --dir "$dir" >/dev/null 2>&1; echo $?)"

"$watchword" up --detach --port-base "$base" --dir "$work/second" >"$work/busy" 2>&1
expect "a busy port ends up with status 3" 3 $?
expect "and is named together with who holds it" 1 \
  "$(grep -c "port $base is taken by .* with pid $(pid_of "$dir" "$base")" "$work/busy")"
expect "and nothing of the second cluster stays" 0 "$(pgrep -fc -- "$work/second/" || true)"

replica=$((base + 2))
kill -9 "$(pid_of "$dir" $replica)"
expect_soon "a node that dies is shown dead" "server-$replica dead" \
  bash -c "'$watchword' status --dir '$dir' | awk '/^server-$replica/ { print \$1, \$2; exit }'"
expect "status then ends with 1" 1 "$("$watchword" status --dir "$dir" >/dev/null; echo $?)"
expect "and names the command that brings it back" 1 \
  "$("$watchword" status --dir "$dir" | grep -c "up --restart server-$replica")"
"$watchword" up --restart "server-$replica" --dir "$dir" >/dev/null
expect "up --restart brings it back" 0 $?
expect "and the cluster is whole again" 0 \
  "$("$watchword" status --dir "$dir" >/dev/null; echo $?)"

expect "options that contradict the folder are refused" 2 \
  "$("$watchword" up --detach --dir "$dir" --replicas 1 >/dev/null 2>&1; echo $?)"

"$watchword" down --dir "$dir" >/dev/null
"$watchword" up --dir "$dir" >"$work/foreground" 2>&1 &
foreground=$!
await 60 grep -q 'Ctrl-C stops all nodes' "$work/foreground"
expect "in the foreground up shows a line for every node" 6 \
  "$(grep -cE '^(server|sentinel)-[0-9]+ +(master|replica|sentinel) ' "$work/foreground")"
kill "$foreground"
wait "$foreground"
expect "and when it is ended it stops them all" 0 "$(left_over)"

finish
