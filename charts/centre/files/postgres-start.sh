# Starts PostgreSQL. When its volume is empty it first makes the database, from the dump RESTORE_FROM if that is set.
set -eu
umask 077
data=/data/pgdata
key=/etc/postgres/secret/backup-key
new=/data/pgdata.new
settings="-c config_file=/etc/postgres/postgresql.conf -c hba_file=/etc/postgres/pg_hba.conf"
password=$(cat /etc/postgres/secret/database-owner-password)

if [ ! -s "$data/PG_VERSION" ]; then
  # In a folder of its own: a start that was cut off begins again.
  rm -rf "$new"
  initdb --pgdata="$new" --username=fengqiao_owner --encoding=UTF8 --locale=C --data-checksums \
    --auth-local=trust --auth-host=scram-sha-256 --pwfile=/etc/postgres/secret/database-owner-password
  pg_ctl --pgdata="$new" --wait --options="$settings -c listen_addresses='' -c unix_socket_directories=/tmp" start
  psql --quiet --host=/tmp --username=fengqiao_owner --dbname=postgres --set=ON_ERROR_STOP=1 --command='CREATE DATABASE fengqiao'
  if [ -n "${RESTORE_FROM:-}" ]; then
    (cd /backup && sha256sum -c "$RESTORE_FROM.sha256")
    psql --quiet --host=/tmp --username=fengqiao_owner --dbname=postgres --set=ON_ERROR_STOP=1 --file="/backup/$RESTORE_FROM.roles"
    openssl enc -d -aes-256-cbc -pbkdf2 -pass "file:$key" -in "/backup/$RESTORE_FROM.enc" |
      pg_restore --host=/tmp --username=fengqiao_owner --dbname=fengqiao --exit-on-error
    echo "restored from $RESTORE_FROM"
  fi
  pg_ctl --pgdata="$new" --wait --mode=fast stop
  mv "$new" "$data"
fi

# The password may have changed in the Secret since the last start.
quoted=$(printf %s "$password" | sed "s/'/''/g")
# shellcheck disable=SC2086
echo "ALTER ROLE fengqiao_owner PASSWORD '$quoted'" | postgres --single -j $settings -D "$data" postgres >/dev/null
# shellcheck disable=SC2086
exec postgres $settings -D "$data"
