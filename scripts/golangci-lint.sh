#!/usr/bin/env bash
# Runs golangci-lint of the pinned release with the given arguments, built first where it is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

release=2.15.0
of_release() { "$1" version --short 2>/dev/null | grep -qx "v\?$release"; }

lint=$PWD/.tools/bin/golangci-lint
if ! of_release "$lint"; then
	if there=$(command -v golangci-lint) && of_release "$there"; then
		lint=$there
	else
		echo "set-up: building golangci-lint $release (once; it takes some minutes)" >&2
		GOBIN=$PWD/.tools/bin GOFLAGS='' go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v$release"
	fi
fi
exec "$lint" "$@"
