# News Monitor: set-up, run, tests. Needs make and Python 3.11 or newer; works as root or not.
#   make run      set up everything and run the daemon with config.yaml and rules/
#   make demo     set up everything and show it on a small made-up world, without internet
#   make test     set up everything and run the whole suite
#   make check    lint and types
#   make bench    CPU per stage, beside the bare libraries, and matching beside its peers
#   make bench-match  matching beside its peers alone
#   make bench-poll   polling 2,000 feeds beside newsboat, reader and rss2email: an hour
#   make torture  1,000 daemons killed, 20,000 runs with faults; figures under docs/
#   make test-long  the same checks with larger counts; results under docs/

PYTHON := $(shell for p in python3.14 python3.13 python3.12 python3.11 python3 python; do \
  command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
  && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
export PIP_ROOT_USER_ACTION := ignore

.PHONY: help setup run demo test test-long torture check bench bench-match bench-poll clean

help:
	@sed -n 's/^#  *make/make/p' Makefile

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found"; exit 1; }
	@echo "making $(VENV) with $(PYTHON)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "venv failed: on Debian and Ubuntu install the package python3-venv"; exit 1; }

$(VENV)/.run: $(BIN)/python pyproject.toml constraints.txt
	@echo "installing News Monitor"
	@$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@echo "installing what the tests need"
	@$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@

$(VENV)/.bench: $(VENV)/.dev
	@echo "installing what matching is compared with"
	@$(PIP) install --prefer-binary -c constraints.txt -e '.[bench]' && touch $@ || \
	  echo "not everything can be installed here; the table says what is missing"

setup: $(VENV)/.dev

run: $(VENV)/.run
	@$(BIN)/news-monitor run

demo: $(VENV)/.run
	@$(BIN)/news-monitor demo --exit

test: $(VENV)/.dev
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal

test-long: $(VENV)/.dev
	@NEWS_MONITOR_LONG=1 $(BIN)/python -m pytest -q -n 2 --dist worksteal

torture: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.torture --page $(TORTURE)

check: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(VENV)/.bench
	@$(BIN)/python benchmarks/stages.py
	@echo
	@$(BIN)/python benchmarks/match_peers.py
	@echo
	@$(BIN)/python benchmarks/poll_peers.py --short
	@echo
	@$(BIN)/python -m benchmarks.feed_parsing
	@echo
	@$(BIN)/python benchmarks/polling_replay.py $(if $(POLLING_DATA),--data $(POLLING_DATA))
	@$(if $(STORIES_DATA),echo; $(BIN)/python -m benchmarks.stories_bcubed $(STORIES_DATA))
	@$(if $(EXTRACTION_DATA),echo; $(BIN)/python -m benchmarks.extraction_f1 $(EXTRACTION_DATA))

bench-match: $(VENV)/.bench
	@$(BIN)/python benchmarks/match_peers.py

$(VENV)/.peers: $(BIN)/python
	@echo "installing what polling is compared with"
	@$(BIN)/python -m venv $(VENV)/peers && \
	  $(VENV)/peers/bin/python -m pip --disable-pip-version-check -q install reader sgmllib3k \
	  && touch $@ || echo "reader cannot be installed here; the table says so"

bench-poll: $(VENV)/.bench $(VENV)/.peers
	@$(BIN)/python benchmarks/poll_peers.py

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
