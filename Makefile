# make run PHOTOS=~/Pictures/wedding    set everything up, then tag that folder
# make test                             lint, types, layers and tests, as CI does it
# make bundle [VARIANT=cpu]             a program that needs no Python, in dist/
PYTHON ?= python3
BIN := .venv/bin
export PHOTOS

.PHONY: run test test-slow bench screenshots bundle bundle-test lint format

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

# `full` bundles the torch that pip gives on this system, on Linux one with CUDA: dist/tagger.
# `cpu` bundles one without, from an environment of its own: dist/cpu/tagger. Pip has to be told
# where to find that torch (PIP_EXTRA_INDEX_URL or PIP_FIND_LINKS) and may take another version of
# it: make bundle VARIANT=cpu TORCH='torch==2.13.0+cpu torchvision==0.28.0'
VARIANT ?= full
TORCH ?= $(shell sed -n 's/^\(torch\|torchvision\)==.*/&+cpu/p' constraints.txt)
DIST_full := dist
DIST_cpu := dist/cpu
BUNDLER_full := $(BIN)/pyinstaller
BUNDLER_cpu := build/venv-cpu/bin/pyinstaller

$(BUNDLER_full): .venv/.run
	$(BIN)/pip install --disable-pip-version-check -q -c constraints.txt -e '.[bundle]'
	touch $@

$(BUNDLER_cpu): pyproject.toml constraints.txt
	$(PYTHON) -m venv build/venv-cpu
	sed '/^torch/d' constraints.txt > build/constraints-cpu.txt
	build/venv-cpu/bin/pip install --disable-pip-version-check -q -c build/constraints-cpu.txt \
		-e '.[bundle]' $(TORCH)
	touch $@

bundle: $(BUNDLER_$(VARIANT))
	$(BUNDLER_$(VARIANT)) --noconfirm --log-level WARN --distpath $(DIST_$(VARIANT)) \
		--workpath build/$(VARIANT) build.spec

bundle-test: .venv/.dev
	TAGGER_BUNDLE=$(DIST_$(VARIANT))/tagger $(BIN)/pytest -m bundle -v tests/bundle

format: .venv/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
