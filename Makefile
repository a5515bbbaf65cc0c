# Fengqiao. `make help` lists what can be made; CONTRIBUTING.md says more.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# What tools/setup.sh had to install goes before what is on the machine.
export PATH := $(CURDIR)/.tools/cargo/bin:$(PATH)
export CARGO_TERM_PROGRESS_WHEN ?= auto
ifdef CI
# Nobody looks at backtraces there; without line tables it compiles and links in two thirds of the time.
export CARGO_PROFILE_DEV_DEBUG := 0
# Nothing is built twice there: what incremental builds write would never be read.
export CARGO_INCREMENTAL := 0
endif
NEXTEST_PROFILE ?= $(if $(CI),ci,default)
# Tests wait for servers a good part of their time: half as many again as there are cores keep the cores busy.
export NEXTEST_TEST_THREADS ?= $(shell echo $$(( ($$(nproc) * 3 + 1) / 2 )))

# Every test makes and drops a database and starts servers.
NEXTEST = @scratch=$$(tools/scratch.sh) && trap 'rm -rf "$$scratch"' EXIT && TMPDIR=$$scratch cargo nextest run --profile $(NEXTEST_PROFILE)

.PHONY: help setup up demo test charts image image-check image-loadtest loadtest bench bench-federation

help: ## list what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 26

setup: ## install what is missing: PostgreSQL, nats-server, Helm, cargo-nextest
	@tools/setup.sh test

demo: ## the main job: a city's half year of disputes, checked; report in target/demo/report.json
	@tools/setup.sh
	cargo build --release -p fengqiao
	target/release/fengqiao demo

up: ## a node to play with on 127.0.0.1; Ctrl-C stops it, its data stays in .data
	@tools/setup.sh
	cargo build --release -p fengqiao
	target/release/fengqiao up

# Programs first: what tests start must be known as fresh. The whole workspace: one package alone has other features of the same
# dependencies, which would be built once more.
test: ## everything continuous integration runs
	@tools/setup.sh test
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --quiet
	cargo build --quiet --workspace --bins
	$(NEXTEST) --workspace
	cargo test --doc --workspace --quiet

charts: ## only the tests of the chart: every level rendered by Helm, checked, started
	@tools/setup.sh test
	cargo build --quiet -p fengqiao
	$(NEXTEST) -p charts-tests

image: ## the image without a container engine: target/image holds root filesystem, OCI archive, SBOM, digest
	@tools/setup.sh
	k8s/image/build-rootfs

image-loadtest: ## the image of the load test, checked: target/image-loadtest
	@tools/setup.sh
	k8s/image/build-rootfs --program fengqiao-loadtest
	k8s/image/check-rootfs target/image-loadtest/rootfs.tar

image-check: ## run that root filesystem: read-only, as uid 65532, no shell
	k8s/image/check-rootfs

bench: ## speed and memory of a node, empty and with 1,000,000 cases, beside pgbench with the same SQL; CASES, CLIENTS, SECONDS, ROUNDS, KEEP
	@tools/setup.sh
	cargo bench -p fengqiao --bench node

bench-federation: ## 50 linked nodes on this machine: memory a link, catching up, lag; CHILDREN, EVENTS, ROUNDS, RATE, SECONDS, SYNC
	@tools/setup.sh
	cargo bench -p accounts --bench federation

loadtest: ## load test of `make up`, or of a node of its own: tables, target/loadtest/report.html; PLAY=quick|mixed|lifecycle|spike|soak, RATE, LENGTH
	@tools/setup.sh
	cargo build --release -p fengqiao -p loadtest
	@loadtest/play.sh --play $(or $(PLAY),quick) --rate $(or $(RATE),1) --length $(or $(LENGTH),1)
