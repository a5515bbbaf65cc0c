# restore.sh <time>.dump: puts a dump back into a database whose roles exist (after `fengqiao migrate`). What is there is dropped;
# all of it or nothing. k8s/runbooks/restore.md says when.
set -eu
url=$(cat /etc/postgres/secret/database-owner-url)
cd /backup
sha256sum -c "$1.sha256"
pg_restore --dbname="$url" --clean --if-exists --exit-on-error --single-transaction "$1"
echo "$1 is restored"
