# Two commands: `make run` and `make test` set everything up by themselves.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# What Python compiles is kept with the packages, for the many processes that tests start, and not in the tree.
export PYTHONPYCACHEPREFIX := $(CURDIR)/.venv/compiled
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test slow bench fuzz schemas clean

run: .venv/ready
	@$(BIN)/rulewright run scenarios/examples/example-trust.yaml scenarios/real/2024-25/REM.yaml scenarios/real/2021/RA9.yaml

test: .venv/ready-dev
	$(BIN)/ruff check engine tests tools benchmarks
	$(BIN)/mypy
	$(BIN)/python -m pytest -m 'not slow' -n 2 --dist worksteal --cov --cov-report=term:skip-covered --cov-fail-under=95

slow: .venv/ready-dev
	$(BIN)/python -m pytest -m slow -n 2 --dist worksteal

bench: .venv/ready
	$(BIN)/python benchmarks/bench.py

fuzz: .venv/ready-dev
	RULEWRIGHT_FUZZ=$${RULEWRIGHT_FUZZ:-20000} $(BIN)/python -m tests.fuzz
	$(BIN)/python -m tests.fuzz.forging
	$(BIN)/python -m tests.fuzz.killing

schemas: .venv/ready
	$(BIN)/python -m rulewright.schemas schemas

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/ready: .venv/bin/python pyproject.toml
	$(BIN)/pip install --quiet --editable '.[signing]'
	@touch $@

.venv/ready-dev: .venv/bin/python pyproject.toml
	$(BIN)/pip install --quiet --editable '.[dev]'
	@touch $@ .venv/ready
