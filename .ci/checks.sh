# shellcheck shell=bash
# Words shared by the scripts in .ci/checks: verdicts, waiting for a condition, free ports.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
failures=0

ok() { printf 'ok %s\n' "$*"; }

not_ok() {
  printf 'not ok %s\n' "$*"
  failures=$((failures + 1))
}

# expect WHAT WANTED GOT
expect() {
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

port_is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Prints a port from which the given number of neighbours is free too, as far as one look can tell.
free_ports() { # COUNT
  local base offset
  while true; do
    base=$((10240 + RANDOM % 2000))
    for ((offset = 0; offset < $1; offset++)); do
      ! port_is_open $((base + offset)) || continue 2
      ! port_is_open $((base + offset + 20000)) || continue 2
      ! port_is_open $((base + offset + 25000)) || continue 2
    done
    echo "$base"
    return
  done
}

finish() {
  rm -rf "$work"
  ((failures == 0))
}
