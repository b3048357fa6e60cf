# Every command of the house. Continuous integration runs these and nothing else (see .ci/run).
#
#   make install      the environment in .venv (each of the others does it first)
#   make demo         properties of seven proteins as a page, then a small `diagnostics` benchmark: leaderboard and page
#   make test         all tests, in parallel
#   make check        lint, format, types, import order, architecture
#   make results      the tables of results/: HOURS each, on ACCELERATOR (cpu, cuda); goes on where it stopped
#   make speed        timings against peers and growth with size, into results/
#   make docs         regenerate the generated pages of docs/reference
#   make constraints  pin what is installed now
#   make clean        remove caches and run folders, keep .venv

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV ?= .venv
WORKERS ?= 2
HOURS ?= 2.6
ACCELERATOR ?= cpu
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
CONSTRAINTS := requirements/constraints.txt

# The first interpreter that runs and is 3.11 or newer; `make PYTHON=...` names another.
PYTHON ?= $(shell for name in python3.11 python3 python3.12 python3.13 python; do \
	if $$name -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
	then echo $$name; break; fi; done)

# One thread per test worker: parallel workers must not fight for cores.
export MPLBACKEND ?= Agg
test check: export OMP_NUM_THREADS ?= 1

.PHONY: help install demo test check results speed docs constraints clean

help:
	@sed -n '3,12s/^# \{0,1\}//p' Makefile

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then echo "No Python 3.11 or newer (with venv) found; name one: make PYTHON=/path/to/python3.11 install" >&2; exit 1; fi
	$(PYTHON) -m venv $(VENV)

# torch comes first and alone, so that the pinned build is settled before anything that depends on it.
$(STAMP): pyproject.toml $(CONSTRAINTS) | $(BIN)/python
	$(BIN)/python -m pip install --quiet -c $(CONSTRAINTS) torch
	$(BIN)/python -m pip install --quiet -c $(CONSTRAINTS) -e '.[dev]'
	@touch $@

install: $(STAMP)

demo: install
	$(BIN)/protea predict examples/proteins.fasta --out runs/demo/proteins.csv --residues runs/demo/residues.csv \
	  --report runs/demo/proteins.html --title "Seven well-known proteins"
	$(BIN)/protea bench run diagnostics --profile demo

test: install
	$(BIN)/python -m pytest -q -n $(WORKERS)

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/architecture
	@$(BIN)/python -m tests.architecture.source_tree

speed: install
	$(BIN)/python -m speed.harness --out results/speed.json
	$(BIN)/python -m speed.growth --out results

results: install
	for suite in ppi_site inverse_folding fold_class; do \
	  $(BIN)/protea bench run $$suite --profile paper --out results/$$suite --workers $(WORKERS) --hours $(HOURS) \
	    --set training.accelerator=$(ACCELERATOR); \
	done

docs: install
	$(BIN)/python docs/generate.py

constraints: install
	@{ echo "# The versions that Protea is tested with: exact pins of the development environment, torch first."; \
	   echo '# Used by `make install`; made by `make constraints`.'; \
	   $(BIN)/python -c 'import importlib.metadata as m; print("torch==" + m.version("torch").partition("+")[0])'; \
	   $(BIN)/python -m pip freeze --exclude-editable --exclude protea | grep -v '^torch==' | grep -v ' @ '; } > $(CONSTRAINTS).new
	@mv $(CONSTRAINTS).new $(CONSTRAINTS)

clean:
	rm -rf build dist runs lightning_logs .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests speed docs -name __pycache__ -type d -prune -exec rm -rf {} +
