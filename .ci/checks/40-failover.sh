#!/usr/bin/env bash
# Three sentinels: they find everybody on their own, and replace a master that was killed.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

base=$(free_ports 3)
dir=$work/failover
sentinel=$((base + 20000))

"$watchword" up --detach --port-base "$base" --dir "$dir" >"$work/up.out" 2>&1
expect "up returns 0" 0 $?

sentinel_field() { # PORT NAME
  at "$1" sentinel master mymaster |
    awk -v name="$2" 'found { print; exit } $0 == name { found = 1 }'
}

master_port() { at "$1" sentinel get-master-addr-by-name mymaster | tail -1; }

# 15: discovery
for ((i = 0; i < 3; i++)); do
  expect_soon "15: sentinel $i knows both replicas" 2 sentinel_field $((sentinel + i)) num-slaves
  expect_soon "15: sentinel $i knows the two others" 2 \
    sentinel_field $((sentinel + i)) num-other-sentinels
done
expect "15: the quorum can be reached" \
  "OK 3 usable Sentinels. Quorum and failover authorization can be reached" \
  "$(at $sentinel sentinel ckquorum mymaster)"
expect "an unknown master is no error" "" "$(at $sentinel sentinel get-master-addr-by-name nobody)"

# 14: the master is killed
at "$base" set before-the-kill yes >/dev/null
expect_soon "14: the write is on a replica" yes at $((base + 1)) get before-the-kill
expect_soon "14: and on the other" yes at $((base + 2)) get before-the-kill
kill -9 "$(pid_of "$dir" "$base")"
moved() { [[ $(master_port "$1") != "$base" && -n $(master_port "$1") ]]; }
for ((i = 0; i < 3; i++)); do
  if await 15 moved $((sentinel + i)); then
    ok "14: sentinel $i gives another address"
  else
    not_ok "14: sentinel $i gives another address"
  fi
done
new=$(master_port $sentinel)
expect "14: all sentinels give the same one" "$new $new" \
  "$(master_port $((sentinel + 1))) $(master_port $((sentinel + 2)))"
expect_soon "14: the new master accepts writes" OK at "$new" set after-the-kill yes
expect "14: and has what was written before" yes "$(at "$new" get before-the-kill)"
other=$((base + 1 == new ? base + 2 : base + 1))
expect_soon "14: the other replica follows it" yes at "$other" get after-the-kill

# 14: the old master returns
"$watchword" up --restart "server-$base" --dir "$dir" >/dev/null
expect_soon "14: the old master returns as a replica" "slave $new" \
  bash -c "redis-cli -p $base info replication | tr -d '\r' |
    awk -F: '/^role/ { role = \$2 } /^master_port/ { port = \$2 } END { print role, port }'"
expect_soon "14: with the new writes" yes at "$base" get after-the-kill
expect "14: there is no failing back" "$new" "$(master_port $sentinel)"

# The cluster remembers the failover over a stop.
"$watchword" down --dir "$dir" >/dev/null
"$watchword" up --detach --dir "$dir" >/dev/null 2>&1
expect_soon "resumed: the sentinels give the address they agreed on" "$new" master_port $sentinel
expect_soon "resumed: that node is the master" master field "$new" replication role
expect_soon "resumed: with all data" yes at "$new" get after-the-kill

finish
