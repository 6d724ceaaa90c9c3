# Each target is one line of work; `make help` lists them. All they need is Python 3.11 and make.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PY := .venv/bin/python

help: ## List the targets.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.venv/serve: pyproject.toml constraints.txt
	@$(PYTHON) -m venv .venv && $(PY) -m pip install -q --disable-pip-version-check -c constraints.txt -e . && touch $@

.venv/demo: .venv/serve
	@$(PY) -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[sdk]' && touch $@

.venv/develop: .venv/serve
	@$(PY) -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[test,check]' && touch $@

# The browser of the tests: one that is here, else the system's package, else the one that Playwright fetches.
.venv/browser: .venv/develop
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	  || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -qq -y chromium >/dev/null; } \
	  || $(PY) -m playwright install --with-deps chromium; touch $@

setup: .venv/develop .venv/browser ## Install everything that development needs into .venv.

serve: .venv/serve ## Run the server on the embedded database; a first start makes all it needs.
	@exec .venv/bin/callboard serve

demo: .venv/demo ## Tell the product's story once, through the official SDK, against a fresh server.
	@$(PY) examples/demo.py

test: .venv/develop .venv/browser ## Run the tests.
	@$(PY) -m pytest -n 3 --dist worksteal -m 'not slow'

test-all: .venv/develop .venv/browser ## Run the tests with the long ones (minutes).
	@$(PY) -m pytest -n 3 --dist worksteal

check: .venv/develop ## Format, lint, types, layers, fresh reference.
	@.venv/bin/ruff format --check . && .venv/bin/ruff check . && .venv/bin/mypy && .venv/bin/lint-imports && $(PY) -m callboard.reference.pages --check

fix: .venv/develop ## Format, mend what the linter can mend, write the reference anew.
	@.venv/bin/ruff check -q --fix . ; .venv/bin/ruff format -q . && $(PY) -m callboard.reference.pages --write

bench: .venv/develop ## Measure; BENCH='--quick' for a short look.
	@$(PY) benchmarks/run.py $(BENCH)

flood: .venv/develop ## Measure what a flood of resends does to other calls.
	@$(PY) benchmarks/flood.py $(BENCH)

bench-access: .venv/develop ## Measure what authorization by policies costs.
	@$(PY) benchmarks/access.py $(BENCH)

bench-timing: .venv/develop ## Compare the time of a wrong secret with that of an unknown key.
	@$(PY) benchmarks/timing.py $(BENCH)

bench-directory: .venv/develop ## Measure what the size of a directory costs; BENCH='--largest 10000' for a short look.
	@$(PY) benchmarks/directory.py $(BENCH)

bench-messages: .venv/develop ## Measure messages published, and mails delivered, a second.
	@$(PY) benchmarks/messages.py $(BENCH)

.PHONY: help setup serve demo test test-all check fix bench bench-access bench-directory bench-messages bench-timing flood
