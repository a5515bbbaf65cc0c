# Runs a server for as long as tests use it: keep_while_used.sh IDLE_SECONDS LOCK_FILE COMMAND...
# A test process holds the lock file shared while it lives. When nobody has held it for IDLE_SECONDS, the server is stopped,
# with the lock held exclusively, so that a test that starts at this moment waits and then starts the next server.
idle=$1
lock=$2
shift 2
trap "" HUP
"$@" &
server=$!
exec 9>>"$lock"
quiet=0
while kill -0 "$server" 2>/dev/null; do
  sleep 1
  if flock --nonblock --exclusive 9; then
    quiet=$((quiet + 1))
    if [ "$quiet" -ge "$idle" ]; then
      kill -INT "$server"
      wait "$server"
      exit
    fi
    flock --unlock 9
  else
    quiet=0
  fi
done
