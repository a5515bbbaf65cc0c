# restore.sh <time>.dump: puts a dump back into a database whose roles exist (after `fengqiao migrate`). What is there is dropped;
# all of it or nothing. k8s/runbooks/restore.md says when.
set -eu
url=$(cat /etc/postgres/secret/database-owner-url)
key=/etc/postgres/secret/backup-key
cd /backup
sha256sum -c "$1.sha256"
{
  cat <<'SQL'
SET client_min_messages = warning;
DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public') LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', name);
  END LOOP;
END $$;
SQL
  # A dump that cannot be read to its end must undo the transaction.
  openssl enc -d -aes-256-cbc -pbkdf2 -pass "file:$key" -in "$1.enc" |
    pg_restore --file=- || echo 'SELECT 1 / 0;'
} | psql --quiet --dbname="$url" --set=ON_ERROR_STOP=1 --single-transaction --output=/dev/null
echo "$1 is restored"
