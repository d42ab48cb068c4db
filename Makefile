# All targets need only Python 3.11+ and make. The first one called sets up .venv; each is one call of
# mmbook, so on a machine without make `mmbook build`, `mmbook live`, … do the same.
.DEFAULT_GOAL := help
.PHONY: help html pdf epub live check test test-long lint docs bench clean distclean lock

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
MMBOOK := $(BIN)/mmbook
READY := $(VENV)/ready
# A worker takes whole files, in our order: what takes longest comes first.
PYTEST := $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

help:  ## list the targets
	@echo "make TARGET, where TARGET is one of"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else 0'
	@echo "Setting up $(VENV) (once; about a minute) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[book,live,excel,netcdf]" --group test --group lint
	@touch $(READY)

html: $(READY)  ## build the website into book/_build/html
	@$(MMBOOK) build book

pdf: $(READY)  ## build the PDF into book/_build/latex (needs LaTeX; says how to get it)
	@$(MMBOOK) pdf book

epub: $(READY)  ## build the EPUB into book/_build/epub
	@$(MMBOOK) epub book

live: $(READY)  ## show the book in the browser, rebuilt whenever a file is saved
	@$(MMBOOK) live book

check: $(READY)  ## find every fault of the book in a second, without building it
	@$(MMBOOK) check book

test: $(READY)  ## run the tests that take less than three minutes together
	@$(PYTEST) -m "not long"

test-long: $(READY)  ## run the others: PDF, browser, kills, pages as dense as may be
	@$(PYTEST) -m long

lint: $(READY)  ## check style and types
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

docs: $(READY)  ## write docs/rules.md and docs/reference/ anew from the code
	@$(BIN)/python docs/make_reference.py

bench: $(READY)  ## time our build beside the plain stack
	@$(BIN)/python benchmarks/build.py

clean:  ## remove what builds have made
	@rm -rf book/_build

distclean: clean  ## remove the environment as well
	@rm -rf $(VENV) .nox .mypy_cache .pytest_cache .ruff_cache .hypothesis

lock: $(READY)  ## choose new versions for constraints.txt
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --upgrade --no-header --no-annotate --no-emit-index-url --python-version 3.11 --all-extras --group test --group lint pyproject.toml --output-file constraints.txt
