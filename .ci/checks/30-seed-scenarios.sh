#!/usr/bin/env bash
# The scenarios that the tutorials about Redis replication tell, typed with the real redis-cli:
# copies, refused writes, chains, link drops, a failover by hand. No sentinels, for they would undo
# a failover by hand.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

base=$(free_ports 4)
dir=$work/seeds
a=$base b=$((base + 1)) c=$((base + 2)) own=$((base + 3))

"$watchword" up --detach --port-base "$base" --dir "$dir" --sentinels 0 >"$work/up.out" 2>&1
expect "up --sentinels 0 returns 0" 0 $?

# 1: one master, two replicas by configuration
expect "1: the master counts two replicas" 2 "$(field $a replication connected_slaves)"
expect_soon "1: both are online" 2 \
  bash -c "redis-cli -p $a info replication | grep -c 'state=online'"
expect "1: a replica names its master" "slave $a up" \
  "$(field $b replication role) $(field $b replication master_port) \
$(field $b replication master_link_status)"

# 2: written on the master, read on the replicas
expect "2: a write is accepted" OK "$(at $a set k1 hello)"
expect_soon "2: and read on the first replica" hello at $b get k1
expect_soon "2: and read on the second" hello at $c get k1
first=$(field $a replication repl_backlog_first_byte_offset)
expect "2: histlen = offset - first byte + 1" \
  $(($(field $a replication master_repl_offset) - first + 1)) \
  "$(field $a replication repl_backlog_histlen)"

# 3: a replica refuses writes
expect "3: a write on a replica is refused" \
  "READONLY You can't write against a read only replica." "$(at $b set k1 other)"

# 4: a standalone node with data of its own becomes a replica and loses it
(cd "$work" && exec "$watchword" server --port $own --save "") >"$work/own.log" 2>&1 &
own_pid=$!
expect_soon "4: a standalone node answers" PONG at $own ping
at $own set k2 mine >/dev/null
expect "4: replicaof is accepted" OK "$(at $own replicaof 127.0.0.1 $a)"
expect_soon "4: the master's data arrives" hello at $own get k1
expect "4: its own data is gone" "" "$(at $own get k2)"
expect "4: slaveof no one is accepted" OK "$(at $own slaveof no one)"
at $own shutdown nosave >/dev/null 2>&1
wait $own_pid
expect "4: shutdown nosave ends with 0" 0 $?

# 7: the link drops without a restart: a partial resync
full=$(field $a stats sync_full) partial=$(field $a stats sync_partial_ok)
at $a client kill type replica >/dev/null
at $a set after-the-cut yes >/dev/null
expect_soon "7: the replica catches up after the link was cut" yes at $b get after-the-cut
expect_soon "7: the other one too" yes at $c get after-the-cut
expect "7: nobody asked for everything" "$full" "$(field $a stats sync_full)"
expect "7: both went on from where they were" $((partial + 2)) "$(field $a stats sync_partial_ok)"

# 8: a chain
expect "8: the third is told to follow the second" OK "$(at $c slaveof 127.0.0.1 $b)"
expect_soon "8: the root counts one replica" 1 field $a replication connected_slaves
expect_soon "8: the middle counts one too" 1 field $b replication connected_slaves
expect "8: and is a replica itself" slave "$(field $b replication role)"
expect_soon "8: the link of the third is up" up field $c replication master_link_status
at $a set down-the-chain yes >/dev/null
expect_soon "8: a write reaches the end" yes at $c get down-the-chain
id=$(field $a replication master_replid)
expect "8: one history all along" "$id $id" \
  "$(field $b replication master_replid) $(field $c replication master_replid)"
expect "8: re-homing was a partial resync" "$full" "$(field $a stats sync_full)"

# 10 and 12: the master is dead; replicas read on, nobody takes over by itself
at $a save >/dev/null
kill -9 "$(pid_of "$dir" $a)"
expect_soon "10: the replica notices" down field $b replication master_link_status
expect "10: and still answers reads" hello "$(at $b get k1)"
expect "10: writes are impossible" "READONLY You can't write against a read only replica." \
  "$(at $b set k1 other)"
expect "12: nobody takes over without a sentinel" "slave slave" \
  "$(field $b replication role) $(field $c replication role)"

# 11: the master is back with what it had saved
"$watchword" up --restart "server-$a" --dir "$dir" >/dev/null
expect_soon "11: the link is up again" up field $b replication master_link_status
expect "11: the master has what it saved" yes "$(at $a get down-the-chain)"
at $a set after-the-return yes >/dev/null
expect_soon "11: new writes arrive at the end of the chain" yes at $c get after-the-return

# 9: failover by hand. A heartbeat of the old master between the two orders would be a byte that the
# new one never had, and rightly cost a full copy, here as on stock Redis: there is none meanwhile.
at $a config set repl-ping-replica-period 3600 >/dev/null
id=$(field $a replication master_replid)
full=$(field $b stats sync_full)
expect "9: the replica is promoted" OK "$(at $b slaveof no one)"
expect "9: it is a master now" master "$(field $b replication role)"
expect "9: the old history is its second one" "$id" "$(field $b replication master_replid2)"
if [[ $(field $b replication master_replid) != "$id" ]]; then
  ok "9: its own history has a new name"
else
  not_ok "9: its own history has a new name"
fi
expect "9: the old master is told to follow" OK "$(at $a slaveof 127.0.0.1 $b)"
at $b set from-the-new-master yes >/dev/null
expect_soon "9: the old master follows" yes at $a get from-the-new-master
expect_soon "9: the sub-replica goes on" yes at $c get from-the-new-master
expect "9: and nobody asked for everything" "$full" "$(field $b stats sync_full)"
expect "9: all three now tell one history" "$(field $b replication master_replid)" \
  "$(field $a replication master_replid)"

# A resumed cluster starts from the roles it was stopped with.
"$watchword" down --dir "$dir" >/dev/null
"$watchword" up --detach --dir "$dir" >/dev/null 2>&1
expect "resumed: the promoted node is still the master" "slave master" \
  "$(field $a replication role) $(field $b replication role)"
expect "resumed: with all data" "hello yes" "$(at $b get k1) $(at $b get from-the-new-master)"

finish
