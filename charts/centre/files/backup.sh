# Writes <time>.dump.enc, <time>.dump.roles and <time>.dump.sha256 to /backup. The last one makes it complete; the oldest go.
# The dump holds personal data: it is encrypted with the Secret's backup-key before it reaches the volume.
set -eu
umask 077
url=$(cat /etc/postgres/secret/database-owner-url)
key=/etc/postgres/secret/backup-key
name=$(date -u +%Y%m%dT%H%M%SZ).dump
cd /backup
rm -f ./*.part

# Passwords are not in it: `fengqiao migrate` sets them from the Secret.
pg_dumpall --dbname="$url" --roles-only --no-role-passwords > /tmp/roles.sql
grep -E '^(CREATE|ALTER) ROLE ' /tmp/roles.sql |
  grep -vE '^[A-Z]+ ROLE (postgres|streaming_replica|cnpg_[a-z_]+|fengqiao_owner)[ ;]' > "$name.roles.part"
rm -f /tmp/failed
{ pg_dump --dbname="$url" --format=custom || touch /tmp/failed; } |
  openssl enc -aes-256-cbc -pbkdf2 -salt -pass "file:$key" -out "$name.enc.part"
[ ! -e /tmp/failed ] # a pipe has the status of its end

mv "$name.roles.part" "$name.roles"
mv "$name.enc.part" "$name.enc"
sha256sum "$name.enc" "$name.roles" > "$name.sha256.part"
sync
mv "$name.sha256.part" "$name.sha256"
echo "$name: $(wc -c < "$name.enc") bytes"

# Those of releases that did not encrypt count and go as well.
ls -1 | grep -E '^[0-9]{8}T[0-9]{6}Z\.dump(\.enc)?$' | sed 's/\.enc$//' | sort -r | tail -n "+$((KEEP + 1))" | while read -r old; do
  rm -f "$old.sha256" "$old.roles" "$old.enc" "$old"
  echo "$old: removed"
done
