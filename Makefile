# Two commands matter: `make demo` and `make test`. Each sets up what it needs and is safe to run again.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo test lint types tests faults bench clean

setup: .venv/.ready

.venv/.ready: pyproject.toml deploy/compile.py linkcrawler/capture/_tags.c
	@echo "Setting up .venv with the project and what its tests need; the first time takes a minute or two."
	@$(PYTHON) -m venv .venv || { echo "$(PYTHON) cannot create a virtual environment; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@

demo: setup
	@$(BIN)/python -m tests.demo

lint: setup
	$(BIN)/ruff check .

types: setup
	$(BIN)/mypy

# A file stays with one process: its servers and crawls are started once.
tests: setup
	$(BIN)/pytest -n auto --maxprocesses=4 --dist=loadfile

test: lint types tests

faults: setup
	@$(BIN)/python -m tests.faults

bench: setup
	@$(BIN)/python -m tests.benchmarks.test_capture_speed ../shared/gold
	@$(BIN)/python -m tests.benchmarks.classify_rate --links 10000
	@$(BIN)/pytest -q tests/benchmarks/bench_parts.py --benchmark-timer=time.process_time --benchmark-storage=.cache/benchmarks --benchmark-autosave
	@$(BIN)/python -m tests.benchmarks.crawl --write

clean:
	rm -rf .venv .cache build dist *.egg-info
