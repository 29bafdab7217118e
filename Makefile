# Where `make run` listens and keeps its data; what else `go test` is told.
ADDR ?= :8080
DATA ?= ./data
TESTFLAGS ?=
BENCH ?= .
SEEDS ?= 1

# A database that is given needs no Postgres of our own.
POSTGRES = $(if $(TEST_DATABASE_URL),,bin/callout postgres --throwaway --)

.PHONY: help run test check bench bench-solve demo build clean
.DEFAULT_GOAL := help

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Serve the demo operation on ADDR (:8080), its data in DATA (./data); DATABASE_URL overrules the latter's Postgres
	@$(if $(DATABASE_URL),,scripts/set-up.sh postgres)
	@exec bin/callout serve --demo --addr '$(ADDR)' --data '$(DATA)'

test: build ## Run all tests with the race detector, on TEST_DATABASE_URL or a Postgres of their own
	@scripts/set-up.sh compiler $(if $(TEST_DATABASE_URL),,postgres)
	$(POSTGRES) go test -race -timeout 30m $(TESTFLAGS) $$(go list ./... | grep -v /dispatch/solve/check$$)
	go test -timeout 30m $(TESTFLAGS) ./dispatch/solve/check # long, and on one thread: what runs side by side is raced above

check: build ## Check format, vet, linters, the contract and go.mod
	scripts/format.sh
	go vet ./...
	scripts/golangci-lint.sh run
	scripts/contract-lint.sh
	go mod tidy -diff

bench: build ## Run the benchmarks (BENCH=regexp) on a Postgres of their own
	@$(if $(TEST_DATABASE_URL),,scripts/set-up.sh postgres)
	$(POSTGRES) go test -run '^$$' -bench '$(BENCH)' -benchmem $(TESTFLAGS) ./...

bench-solve: build ## Measure the optimizer on public instances (SEEDS=5 for medians) beside VROOM's figures; draws docs/solve.svg
	@mkdir -p docs
	@go run ./tools/benchsolve -seeds '$(SEEDS)' -chart docs/solve.svg

demo: build ## Walk one job through its whole life, then a week through a warehouse, each on an instance of its own
	@scripts/set-up.sh postgres
	@bin/callout demo
	@bin/callout demo --week

build: ## Build bin/callout
	@go build -trimpath -o bin/callout ./cmd/callout

clean: ## Remove what was built and installed here; DATA stays
	rm -rf bin build .tools tools/contract-lint/node_modules
