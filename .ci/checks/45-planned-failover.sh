#!/usr/bin/env bash
# SENTINEL FAILOVER under load: no write that was answered is lost, and how long writes stood still.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

rounds=${ROUNDS:-3}
base=$(free_ports 3)
dir=$work/planned
sentinel=$((base + 20000))

"$watchword" up --detach --port-base "$base" --dir "$dir" >"$work/up.out" 2>&1
expect "up returns 0" 0 $?

master_port() { at "$sentinel" sentinel get-master-addr-by-name mymaster | tail -1; }

# Writes to whichever node takes it, over three connections that stay open; each line is a write
# that was answered OK, with the time of the answer. A write that is refused is tried elsewhere.
follow_the_master() { # PREFIX
  local -a to=()
  local fd i=0 node=0 reply
  for ((node = 0; node < 3; node++)); do
    exec {fd}<>"/dev/tcp/127.0.0.1/$((base + node))" || return
    to+=("$fd")
  done
  node=0
  while [[ ! -e $work/stop ]]; do
    printf 'SET %s:%d %d\r\n' "$1" "$i" "$i" >&"${to[node]}"
    IFS= read -r -t 20 reply <&"${to[node]}" || return
    if [[ $reply == +OK* ]]; then
      printf '%s %s:%d\n' "${EPOCHREALTIME/[.,]/}" "$1" "$i"
      i=$((i + 1))
    else
      node=$(((node + 1) % 3))
    fi
  done
}

# Stays with one node, come what may; its n-th reply is the answer to its n-th write.
stay() { # PREFIX PORT
  local i
  for ((i = 0; ; i++)); do
    [[ $((i % 100)) -ne 0 || ! -e $work/stop ]] || break
    printf 'SET %s:%d %d\n' "$1" "$i" "$i"
  done | redis-cli -p "$2" | awk -v prefix="$1" '
    NF { if ($1 == "OK") print 0, prefix ":" n + 0; n++ }'
}

# Prints how many of the keys a node lacks.
lacking() { # PORT FILE...
  local port=$1
  shift
  awk '{ print "EXISTS " $2 }' "$@" | redis-cli -p "$port" | grep -c '^0' || true
}

# The longest time between two answers, in ms.
pause_of() { awk 'NR > 1 && $1 - last > most { most = $1 - last } { last = $1 }
  END { printf "%.1f\n", most / 1000 }' "$1"; }

# A library that is loaded from its jar stays in the temporary folder when a sentinel is killed.
expect "a sentinel loads RocksDB from where it was built" 1 \
  "$(awk '{ print $6 }' "/proc/$(pid_of "$dir" "$sentinel")/maps" | grep rocksdbjni | sort -u |
    grep -c 'sentinel-raft/target/native/')"

for ((i = 0; i < 3; i++)); do
  expect_soon "sentinel $i knows both replicas" 2 \
    bash -c "redis-cli -p $((sentinel + i)) sentinel replicas mymaster | grep -c '^slave-priority'"
done
for ((i = 1; i < 3; i++)); do
  expect_soon "replica $i has its link" up field $((base + i)) replication master_link_status
done
expect "an unknown master is an error" "ERR No such master with that name" \
  "$(at "$sentinel" sentinel failover nobody)"
expect "an unknown mode is an error" "ERR syntax error" \
  "$(at "$sentinel" sentinel failover mymaster gently)"

for ((round = 1; round <= rounds; round++)); do
  old=$(master_port)
  rm -f "$work/stop"
  follow_the_master "f$round" >"$work/follow.$round" &
  follower=$!
  stay "s$round" "$old" >"$work/stay.$round" &
  stayer=$!
  written() { [[ $(wc -l <"$work/follow.$round") -gt ${1:-500} ]]; }
  await 20 written
  expect "round $round: SENTINEL FAILOVER answers" OK \
    "$(at $((sentinel + round % 3)) sentinel failover mymaster)"
  moved() { [[ $(master_port) != "$old" && -n $(master_port) ]]; }
  if await 10 moved; then
    ok "round $round: there is another master"
  else
    not_ok "round $round: there is another master"
  fi
  new=$(master_port)
  expect_soon "round $round: the old master follows it" "$new" \
    field "$old" replication master_port
  before=$(wc -l <"$work/follow.$round")
  await 20 written $((before + 500))
  touch "$work/stop"
  wait "$follower" "$stayer"
  expect "round $round: of the answered writes the new master lacks" 0 \
    "$(lacking "$new" "$work/follow.$round" "$work/stay.$round")"
  pause=$(pause_of "$work/follow.$round")
  expect "round $round: writes stood still for less than a second" 1 \
    "$(awk -v ms="$pause" 'BEGIN { print (ms > 0 && ms < 1000) }')"
  printf '# round %d: %s of %d answered writes lost, the longest pause was %s ms\n' "$round" \
    "$(lacking "$new" "$work/follow.$round" "$work/stay.$round")" \
    "$(cat "$work/follow.$round" "$work/stay.$round" | wc -l)" "$pause"
  for ((i = 0; i < 3; i++)); do
    [[ $((base + i)) -eq $new ]] ||
      expect_soon "round $round: node $i has its link" up \
        field $((base + i)) replication master_link_status
  done
done

# Nobody may be promoted: the master stays, and takes writes.
for ((i = 0; i < 3; i++)); do
  at $((base + i)) config set replica-priority 0 >/dev/null
done
refused() { at "$sentinel" sentinel failover mymaster; }
expect_soon "without an eligible replica nothing begins" \
  "NOGOODSLAVE No suitable replica to promote" refused
takes() { at "$(master_port)" set still here; }
expect_soon "and the master takes writes" OK takes
for ((i = 0; i < 3; i++)); do
  at $((base + i)) config set replica-priority 100 >/dev/null
done

now=$(master_port)
forced() { at "$sentinel" sentinel failover mymaster force; }
expect_soon "FORCE moves the master as well" OK forced
moved() { [[ $(master_port) != "$now" ]]; }
if await 10 moved; then ok "and it moved"; else not_ok "and it moved"; fi

finish
