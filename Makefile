# Every word that people and machines use on this repository. Needs Python 3.11 with venv, Node 20, make.
# `make demo` shows the site; `make test` proves it; the rest is for those who change it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
DIST := src/maillage/web/ui/static/dist
FRONT_INPUTS := $(shell find front -type f 2>/dev/null) package.json package-lock.json
TEMPLATES := $(shell find src/maillage -type d -name templates)

export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_NO_INPUT = 1
# The repository is the machine of a developer or of a visitor; production gives its own key.
demo test check test-slow bench docs: export MAILLAGE_DEMO = 1

.PHONY: help demo test test-sqlite test-postgres check test-slow bench fix docs screenshots front wheel lock clean

help: ## say what each word does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

# ---------------------------------------------------------------- what the site needs to run

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Maillage needs Python 3.11 or newer, found %d.%d: set PYTHON=" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv

# Without build isolation: what builds the package is locked with its hashes too.
.venv/.stamp-runtime: requirements.lock requirements-build.lock pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock -r requirements-build.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

.venv/.stamp-dev: requirements-dev.lock .venv/.stamp-runtime
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	touch $@

.venv/.stamp-bench: requirements-bench.lock .venv/.stamp-runtime
	$(BIN)/pip install --quiet --require-hashes -r requirements-bench.lock
	touch $@

node_modules/.stamp: package.json package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

$(DIST)/site.css: $(FRONT_INPUTS) node_modules/.stamp
	node front/build.mjs
	touch $@

front: $(DIST)/site.css ## build style sheets and scripts

wheel: $(DIST)/site.css .venv/.stamp-runtime ## build dist/maillage-*.whl, with the front end and the guide inside
	$(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

# ---------------------------------------------------------------- words for everyone

demo: $(DIST)/site.css .venv/.stamp-runtime ## show the site on http://127.0.0.1:$PORT (fictional, or real with MAILLAGE_DATA_DIR)
	exec $(BIN)/maillage serve --port $(PORT)

test: test-sqlite test-postgres ## the whole suite on SQLite, then what touches a database on PostgreSQL

test-sqlite: .venv/.stamp-dev $(DIST)/site.css
	$(BIN)/pytest -m "not slow" -n 2 --dist loadgroup --cov --cov-report=
	$(BIN)/coverage report --skip-covered --skip-empty --sort=cover | tail -n 40
	$(BIN)/coverage report --include='src/maillage/core/*,src/maillage/engines/*' --fail-under=100

# On PostgreSQL when MAILLAGE_TEST_POSTGRES_URL names a server; a failure without one when MAILLAGE_REQUIRE asks.
test-postgres: .venv/.stamp-dev $(DIST)/site.css
	@if [ -n "$${MAILLAGE_TEST_POSTGRES_URL:-}" ]; then \
	  MAILLAGE_DATABASE_URL="$$MAILLAGE_TEST_POSTGRES_URL" $(BIN)/pytest -m "not slow" -n 2 --dist loadgroup tests/web tests/browser tests/cli; \
	elif [[ ",$${MAILLAGE_REQUIRE:-}," == *,postgres,* ]]; then \
	  echo "MAILLAGE_REQUIRE asks for postgres: set MAILLAGE_TEST_POSTGRES_URL=postgres://user:password@host:port/name" >&2; exit 1; \
	else \
	  echo "PostgreSQL: skipped (MAILLAGE_TEST_POSTGRES_URL is not set)"; \
	fi

# ---------------------------------------------------------------- words for those who change the code

check: .venv/.stamp-dev node_modules/.stamp ## format, lint, types, floors, templates, migrations: under a minute
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache > .lint-imports.log || { cat .lint-imports.log; rm .lint-imports.log; exit 1; }
	@rm -f .lint-imports.log
	$(BIN)/djlint --lint --quiet $(TEMPLATES)
	node_modules/.bin/tsc --noEmit -p front/tsconfig.json
	$(BIN)/django-admin makemigrations --settings maillage.web.config.settings --check --dry-run
	$(BIN)/mypy
	@if [ -d tests/architecture ]; then $(BIN)/pytest -q tests/architecture; fi

fix: .venv/.stamp-dev ## format and mend what a machine can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test-slow: .venv/.stamp-dev $(DIST)/site.css ## the long tests alone
	$(BIN)/pytest -m slow

bench: .venv/.stamp-dev .venv/.stamp-bench ## make bench NAME=accessibility: one performance claim, measured
	@test -n "$(NAME)" || { echo "Give a name: make bench NAME=<one of: $$(ls bench/*.py | xargs -n1 basename | sed 's/\.py//' | xargs)>" >&2; exit 2; }
	$(BIN)/python bench/$(NAME).py

docs: .venv/.stamp-dev ## hold the documentation to the code
	$(BIN)/pytest -q tests/architecture

# The site shows real France meanwhile: MAILLAGE_DATA_DIR=… make demo, in another terminal.
screenshots: .venv/.stamp-dev ## take the pictures of the README again, from the site on $PORT
	$(BIN)/python docs/images/make_screenshots.py http://127.0.0.1:$(PORT)

# Needs uv and the network. No address of any index stays in the lock files.
FREEZE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header
lock: ## freeze the dependencies again
	$(FREEZE) pyproject.toml -o requirements.lock
	$(FREEZE) --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(FREEZE) --extra dev --extra bench -c requirements-dev.lock pyproject.toml -o requirements-bench.lock
	$(FREEZE) --group build -c requirements-dev.lock -o requirements-build.lock
	npm install --package-lock-only --ignore-scripts
	node -e 'const fs=require("fs"),f="package-lock.json",l=JSON.parse(fs.readFileSync(f));for(const p of Object.values(l.packages)){delete p.resolved;delete p.funding}fs.writeFileSync(f,JSON.stringify(l,null,2)+"\n")'

clean: ## remove what was built, keep the data
	rm -rf $(DIST) node_modules .venv
