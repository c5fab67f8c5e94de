# make run PHOTOS=~/Pictures/wedding    set everything up, then tag that folder
# make test                             lint, types, layers and tests, as CI does it
PYTHON ?= python3
BIN := .venv/bin
export PHOTOS

.PHONY: run test test-slow bench screenshots lint format

# Two stamps, so that running the program never waits for the developers' tools.
.venv/.run: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --disable-pip-version-check -q -c constraints.txt -e .
	touch $@

.venv/.dev: .venv/.run
	$(BIN)/pip install --disable-pip-version-check -q -c constraints.txt -e '.[dev]'
	touch $@

# With a screen the window opens; without one the same work is done as a command.
run: .venv/.run
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
		$(BIN)/tagger-gui $${PHOTOS:+"$$PHOTOS"}; \
	else \
		$(BIN)/tagger run $${PHOTOS:+"$$PHOTOS"}; \
	fi

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

screenshots: .venv/.dev
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.screenshots.draw

format: .venv/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
