#!/usr/bin/env bash
# Makes a directory for what tests throw away and prints its name: in memory, when there is room and programs may run there. A
# database is made and dropped in a fifth of the time then.
set -euo pipefail
where=/var/tmp memory=/dev/shm
if [[ -w $memory && $(df --output=avail $memory | tail -n 1) -gt 4000000 && $(findmnt --noheadings --output OPTIONS $memory) != *noexec* ]]; then
  where=$memory
fi
scratch=$(mktemp -d "$where/fengqiao.XXXXXX")
# PostgreSQL runs as another account when root runs the tests.
chmod 755 "$scratch"
echo "$scratch"
