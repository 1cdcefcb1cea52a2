# One command per wish. Needs Python 3.11 or newer and nothing else; PYTHON=python3.13 picks another one,
# ARGS="…" is handed on to the program behind the target.

PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
SOURCES := $(wildcard src tests scripts benchmarks)

.DELETE_ON_ERROR:
.PHONY: help demo test check format bench docs soak requirements clean

help:
	@echo "make demo      the whole story on embedded parts, then the console until Ctrl-C"
	@echo "make test      all tests, on SQLite and on PostgreSQL"
	@echo "make check     format, lint, types, imports, habits"
	@echo "make format    let the formatter have its way"
	@echo "make bench     what a contact costs"
	@echo "make docs      write the generated pages anew, check all pages"
	@echo "make soak      kill runs and resume them, for long"
	@echo "make clean     remove what make has made"

demo: .venv/.installed
	@$(BIN)/leadferry demo $(ARGS)

test: .venv/.developing
	$(BIN)/pytest -n auto $(ARGS)
	$(BIN)/python -m tests.postgres -n auto -m "(store or postgres) and not soak" $(ARGS)

check: .venv/.developing
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest tests/habits

format: .venv/.developing
	$(BIN)/ruff check --fix-only --quiet $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

bench: .venv/.developing
	$(BIN)/python -m benchmarks $(ARGS)

docs: .venv/.developing
	$(BIN)/python -m scripts.generated_pages
	$(BIN)/pytest tests/habits -k "docs or page or adr or glossary or changelog"

soak: .venv/.developing
	$(BIN)/pytest -m soak $(ARGS)

requirements: .venv/.developing
	$(BIN)/python scripts/lock.py

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests scripts benchmarks -name __pycache__ -prune -exec rm -rf {} +

# A stamp is written when its step has succeeded, so an interrupted step is done again by the next make.

.venv/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Leadferry needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another one: make PYTHON=python3.13")'
	@echo "Making .venv"
	@$(PYTHON) -m venv --clear .venv
	@touch $@

.venv/.runtime: .venv/.created requirements/runtime.txt requirements/build.txt
	@echo "Installing what Leadferry needs"
	@$(INSTALL) --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	@touch $@

.venv/.installed: .venv/.runtime pyproject.toml
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q src/leadferry
	@touch $@

.venv/.developing: .venv/.installed requirements/dev.txt
	@echo "Installing what its developers need"
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@
