# Restores the newest dump into a PostgreSQL of its own, counts the rows and throws all of it away. Fails when the dump is older
# than MAX_AGE_HOURS, is damaged, does not restore, or lacks the schema of a service.
set -eu
umask 077
key=/etc/postgres/secret/backup-key
cd /backup
name=$(ls -1 | grep -E '^[0-9]{8}T[0-9]{6}Z\.dump\.sha256$' | sort | tail -n 1 | sed 's/\.sha256$//')
[ -n "$name" ] || { echo "no complete dump on the backup volume" >&2; exit 1; }
[ -n "$(find "$name.enc" -mmin "-$((MAX_AGE_HOURS * 60))")" ] || { echo "$name is older than $MAX_AGE_HOURS hours" >&2; exit 1; }
sha256sum -c "$name.sha256"

data=/scratch/pgdata
rm -rf "$data"
initdb --pgdata="$data" --username=fengqiao_owner --encoding=UTF8 --locale=C --auth=trust > /dev/null
pg_ctl --pgdata="$data" --wait --silent --log=/scratch/log \
  --options="-c listen_addresses='' -c unix_socket_directories=/tmp -c fsync=off -c shared_buffers=64MB" start
query() { psql --quiet --no-align --tuples-only --host=/tmp --username=fengqiao_owner --set=ON_ERROR_STOP=1 "$@"; }
query --dbname=postgres --command='CREATE DATABASE fengqiao'
query --dbname=postgres --file="$name.roles"
openssl enc -d -aes-256-cbc -pbkdf2 -pass "file:$key" -in "$name.enc" |
  pg_restore --host=/tmp --username=fengqiao_owner --dbname=fengqiao --exit-on-error

echo "rows by table:"
query --dbname=fengqiao --field-separator=' ' > /tmp/rows <<'SQL'
SELECT format('SELECT %L, count(*) FROM %I.%I', schemaname || '.' || tablename, schemaname, tablename)
FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1 \gexec
SQL
cat /tmp/rows
migrated=$(grep -cE '\.__diesel_schema_migrations [1-9]' /tmp/rows || true)
pg_ctl --pgdata="$data" --wait --silent --mode=immediate stop
[ "$migrated" -ge "$SCHEMAS" ] || { echo "$migrated of $SCHEMAS services have a schema in $name" >&2; exit 1; }
echo "$name restores: $migrated schemas, $(awk '{ sum += $2 } END { print sum }' /tmp/rows) rows"
