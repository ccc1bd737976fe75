# make demo sets everything up and runs the main job; make test sets everything up and passes the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help setup validators validators-pins demo crawl test test-long fuzz check lint types bench quality portals-check pins pins-check wheel lower-bounds clean

help:  ## show these lines
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): requirements.txt requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "tinphuong needs Python 3.11 or newer; name it with PYTHON=python3.12"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

setup: $(STAMP)  ## build the private environment in .venv from pinned requirements

validators:  ## install the tools of others that tests ask whether what we hand on is right (pywb, ReplayWeb.page, E-ARK …)
	@PYTHON=$(PYTHON) .ci/validators

validators-pins:  ## write tests/validators/requirements.txt anew
	@PYTHON=$(PYTHON) .ci/validators --pins

demo: setup  ## crawl the bundled replica portals over real HTTP into data/demo.db
	@$(BIN)/tinphuong demo

crawl: setup  ## crawl all registered sites, live, into data/tinphuong.db
	@$(BIN)/tinphuong crawl --all

test: setup  ## run the tests
	$(BIN)/python -m pytest -n 3 --dist worksteal -m "not long"

test-long: setup  ## run what test leaves out: a simulated year, 200 kills, more examples of each property
	$(BIN)/python -m pytest -n 3 --dist worksteal -m long

fuzz: setup  ## feed damaged input to all that reads what strangers send: make fuzz SECONDS=600 [TARGET=pages]
	$(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),600) $(addprefix --target ,$(TARGET))

lint: setup  ## check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup  ## check types
	$(BIN)/mypy

check: test lint types quality-check portals-check  ## what CI runs

quality: setup  ## score extraction on every corpus present, beside plain trafilatura and the peers installed
	$(BIN)/python benchmarks/quality.py

quality-check: setup
	$(BIN)/python benchmarks/quality.py --check

portals-check: setup  ## check the directory of portals: hosts, codes, slugs, days
	$(BIN)/python -m spiders.portals.check

bench: setup  ## what an article costs: by stage beside an older revision, beside bare Scrapy, and with several processes
	$(BIN)/python benchmarks/stage_bench.py --pages 400 --rounds 3
	$(BIN)/python benchmarks/crawl_bench.py
	$(BIN)/python benchmarks/jobs_bench.py --articles 6000 --pages 3000 verify "export html" "crawl --replay" reprocess "import jsonl"
	$(BIN)/python benchmarks/incremental_bench.py

pins: setup  ## write requirements*.txt anew from the ranges of pyproject.toml: make pins [UPGRADE=1]
	UPGRADE=$(UPGRADE) .ci/pins

pins-check: setup  ## say whether make pins would change anything
	.ci/pins --check

wheel:  ## build the wheel, install it in an empty environment outside the tree, and do there what a user does
	.ci/wheel

lower-bounds:  ## run the program and its tests with the lowest versions that pyproject.toml allows
	.ci/lower-bounds

clean:  ## remove the environment and caches; collections in data/ stay
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
