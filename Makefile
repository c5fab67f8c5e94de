# make run PHOTOS=~/Pictures/wedding    set everything up, then tag that folder
# make test                             lint, types, layers and tests, as CI does it
PYTHON ?= python3
BIN := .venv/bin
PHOTOS ?=

.PHONY: run test test-slow bench lint format

# Two stamps, so that running the program never waits for the developers' tools.
.venv/.run: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --disable-pip-version-check -q -c constraints.txt -e .
	touch $@

.venv/.dev: .venv/.run
	$(BIN)/pip install --disable-pip-version-check -q -c constraints.txt -e '.[dev]'
	touch $@

run: .venv/.run
	$(BIN)/tagger run $(if $(PHOTOS),'$(PHOTOS)')

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint
	$(BIN)/pytest -n auto

test-slow: .venv/.dev
	$(BIN)/pytest -m slow

bench: .venv/.dev
	$(BIN)/pytest -m benchmark_only -s tests/benchmarks

format: .venv/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
