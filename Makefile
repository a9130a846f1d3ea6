# `make help` lists the targets. Everything that is installed lands in .venv/ and .local/ of the checkout.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3.11
BIN := .venv/bin
DONE := .local/done

.PHONY: help
help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z.\/-]+:.*## / { printf "  make %-22s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: install
install: $(DONE)/package $(DONE)/flink  ## Install everything into .venv/ and .local/

.PHONY: demo
demo: install  ## Start everything with a simulated audience, and show the counts moving; Ctrl-C ends it all
	@exec $(BIN)/ovation demo

.PHONY: test
test: install browser nginx promtool  ## Run every test but those of `make crashes`, some side by side (.venv/bin/pytest runs all, one after the other)
	@$(BIN)/python -m tests.lanes

.PHONY: bench
bench: bench-reactions bench-polls bench-stores bench-taps bench-frames bench-durable bench-hanging bench-delivery bench-screen bench-hot bench-viral bench-capacity bench-growth bench-mirror bench-report  ## Measure everything beside its peers, in about an hour, and write docs/performance.md

.PHONY: bench-reactions
bench-reactions: install $(DONE)/peers  ## The reaction job beside a hand-written loop, Quix Streams and Bytewax
	@$(BIN)/python -m bench.reactions
	@$(BIN)/python -m bench.reactions --streams 1000 --records 300000

.PHONY: bench-polls
bench-polls: install $(DONE)/peers  ## The poll job with ten million voters in its state, beside the same
	@$(BIN)/python -m bench.polls

.PHONY: bench-stores
bench-stores: install  ## What Redis and ClickHouse take by themselves
	@$(BIN)/python -m bench.stores

.PHONY: bench-taps
bench-taps: install  ## Taps by HTTP beside a bare server and plain FastAPI
	@$(BIN)/python -m bench.taps

.PHONY: bench-frames
bench-frames: install  ## Taps by socket beside a loop that only decodes
	@$(BIN)/python -m bench.frames

.PHONY: bench-durable
bench-durable: install  ## Durable votes of one gateway, and how long they take
	@$(BIN)/python -m bench.durable

.PHONY: bench-hanging
bench-hanging: install  ## Answers to taps and votes while Redis or ClickHouse hangs, beside those while all is well
	@$(BIN)/python -m bench.hanging

.PHONY: bench-delivery
bench-delivery: install  ## Messages to a thousand sockets, some of them stalled, beside a loop that sends the same bytes
	@$(BIN)/python -m bench.delivery

.PHONY: bench-screen
bench-screen: install  ## From a tap to every screen, through the whole stack
	@$(BIN)/python -m bench.tap_to_screen

.PHONY: bench-hot
bench-hot: install  ## All taps on one stream, beside the same on a thousand
	@$(BIN)/python -m bench.hot_stream

.PHONY: bench-viral
bench-viral: install  ## One stream from ten taps a second to a million and back, beside a quiet one
	@$(BIN)/python -m bench.viral

.PHONY: bench-capacity
bench-capacity: install  ## How many taps a second the whole stack counts, and none lost
	@$(BIN)/python -m bench.capacity

.PHONY: bench-growth
bench-growth: install  ## What a million taps cost as streams, viewers, gateways, emojis and parallelism grow
	@$(BIN)/python -m bench.growth

.PHONY: bench-mirror
bench-mirror: install  ## What the mirror between two regions takes for a record, and how late it brings it
	@$(BIN)/python -m bench.mirror

.PHONY: bench-report
bench-report: $(DONE)/package  ## Write what was measured into docs/performance.md
	@$(BIN)/python -m bench.report

.PHONY: crowd
crowd: install  ## Let 50,000 voters vote over three gateways, and hold the recount against their ledger
	@$(BIN)/python -m bench.crowd

.PHONY: screen
screen: install browser  ## Tap in one browser and watch in another, and print how long until it is painted
	@$(BIN)/python -m bench.screen

.PHONY: overlay
overlay: $(DONE)/package browser  ## Draw 500 emojis at once without a graphics card, and print how smoothly
	@$(BIN)/python -m bench.overlay

.PHONY: votes
votes: install  ## Vote at a steady rate, and print how long a vote waits until it is durable
	@$(BIN)/python -m bench.votes

.PHONY: pollers
pollers: install nginx  ## Let 2,000 pollers ask for a stream's snapshot through nginx, and print what reaches a gateway
	@$(BIN)/python -m bench.pollers

.PHONY: history
history: install  ## Fill the engine with a season of a hundred million windows, and print what that costs and how it answers
	@$(BIN)/python -m bench.history --plot docs/images/history-growth.svg

.PHONY: fuzz
fuzz: fuzz-api fuzz-decoder  ## Ask the gateway what nobody would think of, for eleven minutes

.PHONY: fuzz-api
fuzz-api: install  ## The same by its description, over HTTP, for ten minutes
	FUZZ_SECONDS=300 $(BIN)/pytest -s tests/gateway/test_schemathesis.py

.PHONY: fuzz-decoder
fuzz-decoder: $(DONE)/package $(DONE)/atheris  ## The same by bytes, guided by coverage, for a minute
	@PYTHONPATH=.local/atheris $(BIN)/python -m tests.fuzz 60

.PHONY: polls
polls: install  ## Do whatever can be done to thirty polls over three gateways, and hold them against a model
	POLL_LIVES=30 $(BIN)/pytest -s tests/end_to_end/test_polls_model.py

.PHONY: outage
outage: install  ## Take ClickHouse away for ten minutes while a crowd taps and votes, and hold history against its ledger
	OUTAGE_SECONDS=600 $(BIN)/pytest -s tests/end_to_end/test_history_outage.py

.PHONY: faults
faults: install  ## Break a stack by fifty seeded schedules, and hold its promises against what came of each (some twenty seconds each, more where a JobManager dies)
	@$(BIN)/ovation chaos --schedules $(or $(SCHEDULES),50) --seed $(or $(SEED),1)

.PHONY: crashes
crashes: install  ## Kill Python workers, replay history, add a region, upgrade the jobs and go back, on the whole stack (what `make test` leaves out)
	@$(BIN)/pytest -m slow -s tests/end_to_end

.PHONY: regions
regions: install  ## Lose a region in the middle of a poll twenty times, and hold what was acknowledged against what came of it
	@$(BIN)/ovation chaos --lose-region --schedules $(or $(SCHEDULES),20) --seed $(or $(SEED),1)

.PHONY: rescale
rescale: install  ## Take a TaskManager from a cluster of three and give it back under a crowd, then rescale by savepoints
	@$(BIN)/pytest -m alone -s tests/end_to_end/test_rescale.py

.PHONY: redis-cluster
redis-cluster: install  ## Kill one of three masters of Redis under a crowd, let it come back empty, and see that all is exact
	@$(BIN)/pytest -m alone -s tests/end_to_end/test_redis_cluster.py

.PHONY: small
small: install  ## Let 500 viewers tap and vote on a small stack whose TaskManager dies, and hold it to its memory
	@$(BIN)/pytest -m alone -s tests/end_to_end/test_small.py

.PHONY: soak
soak: install  ## Tap and vote for an hour at one pace, and print what grows meanwhile
	@$(BIN)/python -m bench.soak

.PHONY: mutants
mutants: install  ## Break the code in a copy, and expect the same schedules to find it
	@$(BIN)/python -m tests.end_to_end.mutants

.PHONY: up
up: install  ## Start the embedded stack
	@$(BIN)/ovation up

.PHONY: down
down: install  ## Stop the embedded stack; the data stays
	@$(BIN)/ovation down

.PHONY: status
status: install  ## Show which parts of the embedded stack are up
	@$(BIN)/ovation status

.PHONY: lint
lint: $(DONE)/package  ## Check style, format and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

.PHONY: format
format: $(DONE)/package  ## Format the code
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

.PHONY: lock
lock: $(DONE)/python  ## Resolve pyproject.toml again, into requirements.lock
	$(BIN)/uv pip compile -q pyproject.toml --all-extras --no-header --generate-hashes -o requirements.lock

.PHONY: jars
jars: $(DONE)/tools  ## Fetch the jars of local/pom.xml again, and write their digests into local/jars.sha256
	@rm -rf .local/kafka .local/mirror .local/flink-connectors
	@mvn --quiet --batch-mode -Dstyle.color=never --file local/pom.xml package
	@local/check_jars.sh --write .local

.PHONY: audit
audit: $(DONE)/audit  ## Ask PyPI for known vulnerabilities of whatever the lock files name (needs a network)
	@local/audit.sh requirements.lock local/audit/requirements.lock tests/fuzz/requirements.lock bench/peers/requirements.lock

.PHONY: sbom
sbom: install $(DONE)/audit  ## Write what Ovation is made of into dist/, as CycloneDX JSON
	@$(BIN)/python -m local.sbom

dist/ovation-jobs.zip: $(DONE)/package $(wildcard contracts/*.py contracts/picture/* contracts/redis_cluster/* contracts/schemas/* jobs/*.py jobs/sinks/*)  ## Pack what a job needs on Flink's workers, for flink run -pyfs
	@$(BIN)/python -m ovation.jobs_archive

.PHONY: client
client: $(DONE)/package browser  ## Check the JavaScript client's types, pack it for npm into dist/, and try it in Chromium (needs Node 20)
	@local/pack_client.sh
	@PACKED_CLIENT=dist/ovation-client-$$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml).tgz $(BIN)/pytest -q tests/browser/test_packed_client.py

.PHONY: picture
picture: $(DONE)/package browser  ## Take the pictures in the docs anew
	$(BIN)/python -m tests.browser.picture
	$(BIN)/python -m tests.browser.studio.picture
	$(BIN)/python -m tests.browser.overlay.picture

.PHONY: browser
browser: $(DONE)/package  ## Find Chromium for the page's tests, or install it
	@local/install_browser.sh

.PHONY: nginx
nginx:  ## Find nginx for the tests of docs/nginx, or install it
	@local/install_nginx.sh

.PHONY: promtool
promtool:  ## Find promtool for the tests of the alert rules, or fetch it
	@local/install_promtool.sh

.PHONY: clean
clean:  ## Remove what was installed; data of the embedded stack stays
	rm -rf .venv $(DONE) .local/kafka .local/mirror .local/flink .local/flink-connectors

# Each step leaves a file in $(DONE), and is taken again when what it depends on has changed.

$(DONE)/tools: local/check_tools.sh
	@mkdir -p $(@D)
	@PYTHON=$(PYTHON) local/check_tools.sh
	@touch $@

$(DONE)/python: requirements.lock | $(DONE)/tools
	@echo "Installing Python packages into .venv (about a minute)"
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(DONE)/package: pyproject.toml $(DONE)/python
	@echo "Installing the ovation command"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DONE)/jars: local/pom.xml local/jars.sha256 local/check_jars.sh | $(DONE)/tools
	@echo "Fetching Kafka and Flink's Kafka connector with Maven (about half a minute)"
	@rm -rf .local/kafka .local/mirror .local/flink-connectors
	@mvn --quiet --batch-mode -Dstyle.color=never --file local/pom.xml package
	@local/check_jars.sh .local
	@touch $@

$(DONE)/functions: $(DONE)/jars jobs/java/pom.xml $(shell find jobs/java/src -name '*.java')
	@echo "Compiling the jobs' functions for Flink"
	@mvn --quiet --batch-mode -Dstyle.color=never --file jobs/java/pom.xml package
	@touch $@

# What looks at the dependencies is none of them.
$(DONE)/audit: local/audit/requirements.lock | $(DONE)/tools
	@echo "Installing pip-audit and cyclonedx-bom into .local/audit (about a quarter of a minute)"
	@[ -x .local/audit/bin/python ] || $(PYTHON) -m venv .local/audit
	@.local/audit/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r local/audit/requirements.lock
	@touch $@

$(DONE)/atheris: tests/fuzz/requirements.lock $(DONE)/python
	@echo "Installing atheris into .local/atheris"
	@rm -rf .local/atheris
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --target .local/atheris -r tests/fuzz/requirements.lock
	@touch $@

# Others that `bench` measures against, for it alone.
$(DONE)/peers: bench/peers/requirements.lock | $(DONE)/tools
	@echo "Installing Quix Streams and Bytewax into .local/peers (about a quarter of a minute)"
	@[ -x .local/peers/bin/python ] || $(PYTHON) -m venv .local/peers
	@.local/peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bench/peers/requirements.lock
	@touch $@

$(DONE)/flink: $(DONE)/package $(DONE)/jars $(DONE)/functions local/flink_home.py $(wildcard flink-conf/*)
	@echo "Building Flink's home in .local/flink"
	@$(BIN)/python -m local.flink_home
	@touch $@
