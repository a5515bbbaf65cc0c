#!/usr/bin/env bash
# `make loadtest`: plays the load test against the node that `make up` runs; when none runs, against one of its own that is
# stopped in the end. What is given is passed on: loadtest/play.sh --play spike. FENGQIAO_BIN: where the programs are.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=${FENGQIAO_BIN:-target/release}
command -v curl >/dev/null || { echo "curl is needed to find the node" >&2; exit 2; }
target=http://127.0.0.1:8080 tokens=.data/up/tokens.env
if ! curl -fs -o /dev/null --max-time 5 "$target/readyz"; then
  data=.data/loadtest
  mkdir -p "$data"
  echo "no node at $target (make up): starting one for the test, data in $data, log in $data/up.log"
  "$bin/fengqiao" up --data "$data" >"$data/up.log" 2>&1 &
  node=$!
  trap 'kill -INT $node 2>/dev/null; wait $node || true' EXIT
  tokens=$data/tokens.env
  # The line that `up` prints last.
  until grep -qs '^Ctrl-C stops it' "$data/up.log"; do
    kill -0 $node 2>/dev/null || { cat "$data/up.log" >&2; exit 2; }
    sleep 0.5
  done
elif [ ! -f $tokens ]; then
  echo "the node at $target has left no $tokens: start it with \`make up\` of this release, in this folder" >&2
  exit 2
fi
status=0
"$bin/fengqiao-loadtest" --target "$target" --tokens "$tokens" "$@" || status=$?
exit $status
