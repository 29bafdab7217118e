#!/usr/bin/env bash
# Installs what a bare Debian machine lacks, each thing only where it is missing:
#   set-up.sh postgres   the server binaries of Postgres 15 or newer
#   set-up.sh compiler   a C compiler, which Go's race detector needs
set -euo pipefail

# packages installs Debian packages as root, or by sudo.
packages() {
	local as=()
	if ! command -v apt-get >/dev/null; then
		echo "set-up: $1 is missing and this system has no apt-get: please install it" >&2
		exit 1
	fi
	if [ "$(id -u)" != 0 ]; then
		if ! command -v sudo >/dev/null; then
			echo "set-up: $1 is missing. As root: apt-get install --no-install-recommends $*" >&2
			exit 1
		fi
		as=(sudo)
	fi
	echo "set-up: installing $*" >&2
	"${as[@]}" apt-get update -qq >/dev/null || true # an old list may do, and the install will say
	# Debian makes and starts a cluster of its own with the package, on a machine that wants none.
	local quiet=/etc/postgresql-common/createcluster.d/callout.conf
	"${as[@]}" mkdir -p "${quiet%/*}"
	echo 'create_main_cluster = false' | "${as[@]}" tee "$quiet" >/dev/null
	local out status=0
	out=$("${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" 2>&1) || status=$?
	"${as[@]}" rm -f "$quiet"
	[ "$status" = 0 ] || echo "$out" >&2
	return "$status"
}

# has_postgres looks where Callout itself will look.
has_postgres() {
	local dirs=() dir major
	if [ -n "${PG_BIN:-}" ]; then
		dirs=("$PG_BIN")
	else
		command -v postgres >/dev/null && dirs=("$(dirname "$(readlink -f "$(command -v postgres)")")")
		dirs+=(/usr/lib/postgresql/*/bin /usr/pgsql-*/bin)
	fi
	for dir in "${dirs[@]}"; do
		if [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ]; then
			major=$("$dir/postgres" --version | sed -nE 's/.*\(PostgreSQL\) ([0-9]+).*/\1/p')
			[ "${major:-0}" -lt 15 ] || return 0
		fi
	done
	return 1
}

has_compiler() { echo '#include <stdlib.h>' | "${CC:-gcc}" -E - >/dev/null 2>&1; }

for need in "$@"; do
	case "$need" in
	postgres)
		if ! has_postgres; then
			# A later Debian has a later release under the plain name.
			packages postgresql-15 || packages postgresql
			has_postgres
		fi
		;;
	compiler)
		has_compiler || packages gcc libc6-dev
		;;
	*)
		echo "set-up: nothing known about $need" >&2
		exit 2
		;;
	esac
done
