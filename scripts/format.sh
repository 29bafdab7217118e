#!/usr/bin/env bash
# Fails, naming them, where Go files are not formatted.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -d '' files < <(git ls-files -z --cached --others --exclude-standard -- '*.go' ':!:**/testdata/**')
existing=()
for f in "${files[@]}"; do [ -f "$f" ] && existing+=("$f"); done
unformatted=$(gofmt -l "${existing[@]}")
if [ -n "$unformatted" ]; then
	printf 'not formatted (gofmt -w them):\n%s\n' "$unformatted" >&2
	exit 1
fi
