# Tổng đài 1022. `make` alone says what there is to make.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
DEMO_HOST ?= 127.0.0.1
DEMO_PORT ?= 8022
export DEMO_HOST DEMO_PORT

FRONT := src/tongdai/static/dist/manifest.json
FRONT_SOURCES := $(shell find frontend -type f -not -name '*.md' -not -name '*.py' -not -name OFL.txt)
CATALOGUES := $(shell find src -name '*.po')
MODEL := src/tongdai/cases/triage/made/second_look.npz
MODEL_SOURCES := $(wildcard src/tongdai/cases/triage/texts/*.jsonl src/tongdai/cases/triage/kinds/*.txt) $(addprefix src/tongdai/,cases/triage/training.py cases/triage/features.py cases/triage/kind.py cases/triage/second_look.py language/abbreviations.jsonl)
# In the order in which they are collected, what is `long` first; who waits for browsers and telephones needs no core.
PYTEST = $(BIN)/pytest -q --dist loadfile --no-loadscope-reorder -m "not soak"
CORE := $(addprefix src/tongdai/,cases people directory accounts)
# The machine's Node where Vite runs on it, else the one that comes from PyPI into .venv.
NODE_WILL_DO = command -v npm >/dev/null && node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null
WITH_NODE = $(NODE_WILL_DO) || { test -x $(BIN)/npm || $(PIP) install --quiet --require-hashes -r requirements-node.lock; export PATH="$(CURDIR)/$(BIN):$$PATH"; }

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: install
install: .venv/.installed $(FRONT) .venv/.translated $(MODEL) ## .venv, the front end, the triage model; then the command line is .venv/bin/tongdai

.PHONY: demo
demo: install peers ## a filled demo city on DEMO_PORT (8022) of DEMO_HOST (127.0.0.1)
	@$(MAKE) voice || true
	@$(BIN)/tongdai demo

.PHONY: test
test: ## every test, the core rooms on Debian's PostgreSQL too
	@deploy/test_machine.sh & machine=$$!; $(MAKE) test-installed && wait $$machine
	@{ $(MAKE) voice || echo "== no exchange here: its tests are skipped, and say so"; } & exchange=$$!; \
	failed=0; $(MAKE) test-core || failed=1; wait $$exchange; $(MAKE) --keep-going test-rooms test-telephones && exit $$failed

# The exchange is fetched while the core rooms, which need none, are tried. Rooms and telephones at once take no less time
# than one after the other: both together want more than two processors have.
.PHONY: test-installed test-core test-rooms test-telephones
test-installed: install .venv/.installed-dev peers
test-core:
	@echo "== the core rooms on the system's PostgreSQL"
	@TONGDAI_TEST_POSTGRES=$$(ls -d /usr/lib/postgresql/*/bin | sort -V | head -1) $(PYTEST) -n 2 $(CORE)
test-rooms:
	@echo "== the other rooms on the embedded PostgreSQL, and what a machine may lack"
	@$(PYTEST) -n 3 --durations=20 tests/screens src tests/test_*.py $(addprefix --ignore=,$(CORE))
test-telephones:
	@echo "== whole, with real peers"
	@$(PYTEST) -n 4 --durations=20 tests/journeys tests/peers

.PHONY: test-fast
test-fast: install .venv/.installed-dev ## for daily work: the rooms' quick tests, in a minute or so
	@HYPOTHESIS_PROFILE=fast $(BIN)/pytest -q -n 2 --dist loadfile -m "not slow and not long and not soak" --durations=5 --durations-min=0.5 src

.PHONY: slow-tests
slow-tests: install .venv/.installed-dev
	@$(BIN)/python -m tests.slow_tests

.PHONY: screens
screens: install .venv/.installed-dev ## every page in each of its states, three widths, light, dark, on paper: var/screens/index.html
	@TONGDAI_SCREENS=var/screens $(BIN)/pytest -q --tb=no -ra tests/screens; status=$$?; \
	echo "== var/screens/index.html"; exit $$status

.PHONY: voice
voice: .venv/.installed ## the telephone exchange, Asterisk 22, in .asterisk
	@$(BIN)/tongdai exchange install

.PHONY: check
check: install .venv/.installed-dev ## style, types, templates, directions of imports, structure, locks, translations
	@$(MAKE) --keep-going check-style check-types check-templates check-directions check-structure check-locks check-translations

.PHONY: check-style check-types check-templates check-directions check-structure check-locks check-translations
check-style:
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet || { $(BIN)/ruff format --check; exit 1; }
check-types:
	$(BIN)/mypy
check-templates:
	$(BIN)/djlint --lint --quiet src
check-directions:
	$(BIN)/lint-imports
check-structure:
	$(BIN)/python deploy/check_structure.py
check-locks:
	@$(BIN)/uv lock --check --quiet || { echo "uv.lock does not fit pyproject.toml: make lock"; exit 1; }
	@for lock in $(LOCKS); do $(call exported,$$lock) | diff -u $$lock - || { echo "$$lock differs from uv.lock: make lock"; exit 1; }; done
check-translations:
	$(BIN)/tongdai translations check

.PHONY: soak
soak: install .venv/.installed-dev peers ## the tests with real peers N times, and 500 calls of random actions; goes on where it was stopped (FOLDER=tests/peers: those alone)
	@$(BIN)/python -m bench.soak --times $(or $(N),20) $(addprefix --folder ,$(FOLDER))

.PHONY: bench
bench: install .venv/.installed-dev peers ## a benchmark: make bench NAME=intake JSON=out.json
	@test -n "$(NAME)" || { echo "Which one? make bench NAME=$$(ls bench/*.py | xargs -n1 basename -s .py | grep -v __ | paste -sd '|')"; exit 2; }
	@$(BIN)/python -m bench.$(NAME) $(if $(JSON),--json $(JSON))

.PHONY: build
build: install ## a wheel in dist/ that carries the built front end
	@rm -rf dist
	$(PIP) wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

.PHONY: lock
lock: .venv/.installed ## fit uv.lock to pyproject.toml and export the hashed locks from it
	@test -x $(BIN)/uv || $(PIP) install --quiet uv
	$(BIN)/uv lock
	@for lock in $(LOCKS); do $(call exported,$$lock) > $$lock; done

.PHONY: peers
peers: .venv/.installed
	@$(WITH_NODE); for peer in $$(find tests/peers src/tongdai/peers -name package-lock.json -not -path '*/node_modules/*'); do \
	  folder=$$(dirname $$peer); test $$folder/node_modules/.package-lock.json -nt $$peer || npm ci --no-audit --no-fund --prefix $$folder || exit 1; done

# --- how each of them is made ---------------------------------------------------------------------------------

LOCKS := requirements.lock requirements-dev.lock requirements-node.lock
# requirements.lock: the product and what builds it; -dev: what tests and checks it; -node: Node for a machine without.
exported = { case $(1) in *-dev*) groups="--group dev";; *-node*) groups="--only-group node";; *) groups="--group build --no-dev";; esac; \
	echo "\# Made from uv.lock by \`make lock\`: not to be edited."; \
	$(BIN)/uv export --quiet --frozen --no-emit-project --no-header --no-annotate --format requirements-txt $$groups; }

.venv/bin/python:
	@deploy/make_venv.sh .venv

.venv/.installed: requirements.lock pyproject.toml | .venv/bin/python
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.installed-dev: requirements-dev.lock | .venv/.installed
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

node_modules/.package-lock.json: package-lock.json | .venv/.installed
	@$(WITH_NODE); npm ci --no-audit --no-fund

$(FRONT): node_modules/.package-lock.json $(FRONT_SOURCES)
	@$(WITH_NODE); npm run --silent build

.venv/.translated: $(CATALOGUES) | .venv/.installed
	@$(BIN)/tongdai translations compile
	@touch $@

$(MODEL): $(MODEL_SOURCES) | .venv/.installed
	@$(BIN)/tongdai triage train
