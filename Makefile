# One environment in .venv serves every target. It is rebuilt from nothing when pyproject.toml or
# constraints.txt changes, and only then; the stamp is written last, so that an interrupted
# installation starts over at the next call.

PYTHON ?= python3
# Processes that share the tests; more than the cores there are does not help.
WORKERS ?= 2
# More arguments for pytest, e.g. make test PYTEST_ARGS="-k pattern".
PYTEST_ARGS ?=
# Where the report goes.
OUT ?= report
# What mutants tries: folders or files, none for all rooms of the core; mutants of each room, and
# seconds of one. SEED chooses them, and the cases of fuzz, which checks each kind for SECONDS.
ROOMS ?=
SAMPLE ?= 30
SEED ?= 0
LIMIT ?= 120
SECONDS ?= 60

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
EXTRAS := cluster,dev,docs,jax,notebook,text
GENERATED_DOCS := docs/api/generated docs/commands/generated docs/examples docs/explorer/generated
# A file goes to one process: what its tests share, a whole report for one, is made once.
PYTEST = $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

# Stops with one sentence where the interpreter is missing or too old.
CHECK_PYTHON = $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo "Python 3.11 or newer is needed and '$(PYTHON)' is not that; name one: make PYTHON=/path/to/python3.12" >&2; \
	exit 1; }

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install reproduce test test-long test-newest test-archive test-wheel lint format types layers docs check bench mutants fuzz constraints clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(STAMP) ## create or renew the environment in .venv (the targets below do it themselves)

reproduce: $(STAMP) ## run the main experiments and write report/index.html (OUT=folder)
	$(BIN)/template-kernels reproduce --out "$(OUT)"

test: $(STAMP) ## run the tests and the doctests (PYTEST_ARGS="...", WORKERS=2)
	$(PYTEST) $(PYTEST_ARGS)

test-long: $(STAMP) ## run all tests, the nightly-size ones and many random examples included
	$(PYTEST) -m "long or not long" --hypothesis-profile=long $(PYTEST_ARGS)

test-newest: ## run the tests with the newest of all packages, on the newest Python of this machine
	@newest=$$(for minor in 16 15 14 13 12 11; do command -v python3.$$minor && break; done); \
	echo "with $${newest:?no Python from 3.11 on was found}"; \
	rm -rf build/newest && "$$newest" -m venv build/newest
	build/newest/bin/python -m pip install --quiet --upgrade --editable '.[$(EXTRAS)]'
	build/newest/bin/python -m pip list | grep -iE '^(numpy|scipy|jax|scikit-learn) '
	build/newest/bin/python -m pytest -n $(WORKERS) --dist loadfile $(PYTEST_ARGS)

test-archive: $(STAMP) ## build the source archive, and run tests of the house from inside it
	rm -rf build/archive && mkdir -p build/archive/unpacked
	$(BIN)/python -m pip install --quiet build
	$(BIN)/python -m build --sdist --outdir build/archive . > build/archive/log
	tar -xzf build/archive/*.tar.gz -C build/archive/unpacked --strip-components 1
	cd build/archive/unpacked && "$(CURDIR)/$(BIN)/python" -m pytest -q $(or $(PYTEST_ARGS),tests/house)

test-wheel: $(STAMP) ## build the wheel, and run it from an environment that holds nothing else of this project
	rm -rf build/wheel && mkdir -p build/wheel
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir build/wheel .
	$(BIN)/python -m venv --without-pip build/wheel/env
	$(BIN)/python -m pip --python build/wheel/env/bin/python install --quiet --no-deps build/wheel/*.whl
	for package in kernels theory validation; do \
	  diff -rq -x __pycache__ $$package build/wheel/env/lib/python3*/site-packages/$$package || exit 1; done
	# The dependencies are those of .venv; a path given so brings no editable installation along.
	cd build/wheel && PYTHONPATH=$$(echo "$(CURDIR)"/$(VENV)/lib/python3*/site-packages) env/bin/template-kernels kernel AA BC

lint: $(STAMP) ## check style and formatting with ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(STAMP) ## let ruff put the formatting right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(STAMP) ## check the types with mypy
	$(BIN)/mypy

layers: $(STAMP) ## check that imports go one way: validation, theory, kernels
	$(BIN)/lint-imports

docs: $(STAMP) ## build the documentation and run its gallery, into docs/_build/html
	@echo "This takes about a minute, twice that on a busy machine: warnings are errors, and every example is run."
	rm -rf $(GENERATED_DOCS)
	$(BIN)/sphinx-build -W --keep-going -n -q -E -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

check: lint types layers docs ## run lint, types, layers and docs

bench: $(STAMP) ## measure speed, as ratios against named peers
	$(BIN)/python -m tests.benchmarks

mutants: $(STAMP) ## put small faults into copies of ROOMS and see which the tests miss (SAMPLE, SEED, LIMIT)
	$(BIN)/python -m tests.mutation $(ROOMS) --sample $(SAMPLE) --seed $(SEED) --limit $(LIMIT)

fuzz: $(STAMP) ## random input against oracles (SEED=0, SECONDS=60 for each of values, commands, fits, balls)
	$(BIN)/python -m tests.fuzz --seed $(SEED) --seconds $(SECONDS)

constraints: ## choose the newest versions that pyproject.toml allows and write constraints.txt
	@$(CHECK_PYTHON)
	rm -rf build/constraints
	$(PYTHON) -m venv build/constraints
	build/constraints/bin/python -m pip install --quiet '.[$(EXTRAS)]'
	{ echo '# The versions that the tests run with. Written by "make constraints"; not to be edited.'; \
	  build/constraints/bin/python -m pip freeze --exclude template-kernels; } > build/constraints.txt
	mv build/constraints.txt constraints.txt
	rm -rf build/constraints

clean: ## remove the environment, the caches and all that was built
	rm -rf $(VENV) build dist docs/_build $(GENERATED_DOCS)
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find kernels theory validation tests docs -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

$(STAMP): pyproject.toml constraints.txt
	@$(CHECK_PYTHON)
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[$(EXTRAS)]'
	@touch $@
