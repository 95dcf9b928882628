# shellcheck shell=bash
# Words shared by the scripts in .ci/checks: verdicts, waiting for a condition, talking to nodes.
# A check uses whole processes and the real redis-cli, and leaves nothing behind.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
watchword=${WATCHWORD:-$root/watchword}
work=$(mktemp -d)
failures=0

ok() { printf 'ok %s\n' "$*"; }

not_ok() {
  printf 'not ok %s\n' "$*"
  failures=$((failures + 1))
}

expect() { # WHAT WANTED GOT
  if [[ $2 == "$3" ]]; then
    ok "$1"
  else
    not_ok "$1: wanted '$2', got '$3'"
  fi
}

# await SECONDS COMMAND...: true as soon as the command succeeds, false after the deadline
await() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.05
  done
}

expect_soon() { # WHAT WANTED COMMAND...: the command's output becomes the wanted one within 15 s
  local what=$1 wanted=$2 got=''
  shift 2
  says_wanted() { got=$("$@" 2>/dev/null) && [[ $got == "$wanted" ]]; }
  if await 15 says_wanted "$@"; then
    ok "$what"
  else
    not_ok "$what: wanted '$wanted', got '$got'"
  fi
}

# --- nodes -----------------------------------------------------------------------------------

at() { # PORT COMMAND...
  local port=$1
  shift
  redis-cli -p "$port" "$@"
}

field() { # PORT SECTION NAME: one field of INFO
  at "$1" info "$2" | tr -d '\r' | sed -n "s/^$3://p"
}

pid_of() { # DIR PORT: from the machine-readable status
  "$watchword" status --json --dir "$1" | tr '{' '\n' |
    sed -n "s/.*\"port\":$2,\"pid\":\([0-9]*\).*/\1/p"
}

port_is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Prints a port from which the given number of neighbours is free too, as far as one look can
# tell, together with the ports of sentinels and Raft above them.
free_ports() { # COUNT
  local base offset above
  while true; do
    base=$((6400 + RANDOM % 1000))
    for ((offset = 0; offset < $1; offset++)); do
      for above in 0 20000 25000; do
        ! port_is_open $((base + offset + above)) || continue 3
      done
    done
    echo "$base"
    return
  done
}

# Processes that still have the work folder on their command line.
left_over() { pgrep -fc -- "$work/" || true; }

finish() {
  local dir
  for dir in "$work"/*/; do
    [[ ! -e $dir/cluster.conf ]] || "$watchword" down --dir "$dir" >/dev/null
  done
  expect "no process is left" 0 "$(left_over)"
  rm -rf "$work"
  ((failures == 0))
}
