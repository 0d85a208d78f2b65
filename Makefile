# Everything runs in .venv, which is made here on first use. Nothing needs root or Docker, and only `make live`
# and its tests a broker, which they start themselves.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO := demo
# Tests side by side; more than there are cores, as those of a broker mostly wait.
JOBS := 4
BENCH := $(DEMO)/bench
# What is tested of the compiled modules as well; pytest interprets them otherwise.
COMPILED_TESTS := tests/detectors tests/streams/floor tests/streams/reading tests/streams/records
# A choice of what can go wrong; without it the simulation plays its whole catalogue.
TROUBLES := bad_rollout containment handoff_surge response_drift satisfaction_fall sentiment_fall shadow_ai \
	silence survey_brigading unsafe_actions volume_burst

.PHONY: help install compile demo live real-grafana test soak bench bench-live clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

install: compile ## Make .venv with the locked dependencies and this project

# Nothing to do while the sources are those that were compiled.
compile: $(READY) ## Compile the modules on every event's way, where there is a C compiler
	@$(BIN)/python infra/compile.py

demo: compile ## Simulate four weeks with troubles, replay them, show what was found
	$(BIN)/floorwalker simulate --seed 7 --days 28 --out $(DEMO) $(TROUBLES:%=--trouble %)
	$(BIN)/floorwalker replay $(DEMO)/events.jsonl.gz --registry $(DEMO)/registry.json \
		--alerts $(DEMO)/alerts.jsonl --truth $(DEMO)/truth.json

# Needs Java 17 and, the first time, Maven; where they are missing it says what to do.
live: compile ## Run broker and worker, play a simulated center to them, show alerts as they arrive
	LIVE_DIR=$(DEMO)/live BIN=$(BIN) infra/live.sh

real-grafana: compile ## Draw every dashboard in a real Grafana with data of a simulated week (built the first time)
	REAL_DIR=$(DEMO)/grafana BIN=$(BIN) infra/grafana/real.sh

test: compile ## Run all checks: style, types, imports, tests
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest --numprocesses $(JOBS) --dist loadfile
	FLOORWALKER_COMPILED=1 $(BIN)/pytest --numprocesses $(JOBS) --dist loadfile $(COMPILED_TESTS)

soak: compile ## Run the long versions of what a real broker must show: kills, sleepers, an outage, garbage
	SOAK=1 ROUNDS=3 $(BIN)/pytest -s $(addprefix tests/integration/test_,kills.py soak.py outage.py fuzz.py load.py \
		speeds.py selftest.py notify.py)

bench: compile ## Measure speed, memory and detection on simulated weeks
	$(BIN)/python tests/bench/replay_bench.py
	$(BIN)/python tests/bench/detection_bench.py
	$(BIN)/python tests/bench/delivery_bench.py

bench-live: compile ## Measure a worker on a real broker beside plain loops on the same events
	$(BIN)/python -m tests.bench.live_bench

clean: ## Remove what was made: .venv, demo, caches
	rm -rf $(VENV) $(DEMO) streams/_compiled .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# The lock was made for 3.11; later versions take it too.
$(READY): requirements.lock pyproject.toml
	@for python in python3.11 python3.12 python3.13 python3.14 python3; do \
		if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "$(VENV): $$($$python --version)"; \
			exec $$python -m venv $(VENV); \
		fi; \
	done; \
	echo "Python 3.11 or newer with venv is needed (on Debian: python3 and python3-venv)" >&2; exit 1
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $(READY)
