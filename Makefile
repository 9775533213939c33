# Two commands: `make run` and `make test` set everything up by themselves.
PYTHON ?= python3
BIN := .venv/bin
LOG := .venv/install.log
# Of all that is installed only the library of the forward engine is built from source.
COMPILER := the forward engine could not be installed: it needs a C compiler and the header files of Python \
	(Debian, Ubuntu: apt-get install build-essential python3-dev), see $(LOG);
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# What Python compiles is kept with the packages, for the many processes that tests start, and not in the tree.
export PYTHONPYCACHEPREFIX := $(CURDIR)/.venv/compiled
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test slow test-wheel bench bench-growth fuzz schemas clean

run: .venv/ready
	@$(BIN)/rulewright run scenarios/examples/example-trust.yaml scenarios/real/2024-25/REM.yaml scenarios/real/2021/RA9.yaml

test: .venv/ready-dev
	$(BIN)/ruff format --check --quiet engine tests tools benchmarks
	$(BIN)/ruff check engine tests tools benchmarks
	$(BIN)/mypy
	$(BIN)/python -m pytest -m 'not slow and not wheel' -n 2 --dist worksteal --cov --cov-report=term:skip-covered --cov-fail-under=95

slow: .venv/ready-dev
	$(BIN)/python -m pytest -m slow -n 2 --dist worksteal

test-wheel: .venv/ready-dev
	$(BIN)/python -m pytest -m wheel

bench: .venv/ready
	$(BIN)/python benchmarks/bench.py

bench-growth: .venv/ready
	$(BIN)/python -m benchmarks.growth

fuzz: .venv/ready-dev
	RULEWRIGHT_FUZZ=$${RULEWRIGHT_FUZZ:-20000} $(BIN)/python -m tests.fuzz
	RULEWRIGHT_STRANGERS=$${RULEWRIGHT_STRANGERS:-5000} $(BIN)/python -m tests.fuzz.strangers
	$(BIN)/python -m tests.fuzz.forging
	$(BIN)/python -m tests.fuzz.killing

schemas: .venv/ready
	$(BIN)/python -m rulewright.schemas schemas

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/ready: .venv/bin/python pyproject.toml
	@$(BIN)/pip install --quiet --editable '.[forward,signing]' > $(LOG) 2>&1 \
	|| { $(BIN)/pip install --quiet --editable '.[signing]' \
	     && echo '$(COMPILER) the reference engine answers alone; `make clean run` tries again'; }
	@touch $@

.venv/ready-dev: .venv/bin/python pyproject.toml
	@$(BIN)/pip install --quiet --editable '.[dev]' > $(LOG) 2>&1 \
	|| { if grep -q durable $(LOG); then echo '$(COMPILER) `make test` needs it'; else cat $(LOG); fi; exit 1; }
	@touch $@ .venv/ready
