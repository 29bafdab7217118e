#!/usr/bin/env bash
# Holds the contract, as the binary bundles it, to OpenAPI 3.1.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=tools/contract-lint
if [ ! "$tools/node_modules/.package-lock.json" -nt "$tools/package-lock.json" ]; then
	echo "set-up: installing the contract's linter" >&2
	(cd "$tools" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
	touch "$tools/node_modules/.package-lock.json"
fi
mkdir -p build
bin/callout openapi >build/openapi.json
# Its banners are worth reading only where it has found something.
if ! out=$(REDOCLY_TELEMETRY=off "$tools/node_modules/.bin/redocly" lint --config "$tools/redocly.yaml" build/openapi.json 2>&1); then
	echo "$out" >&2
	exit 1
fi
