# What one does with this checkout. Needs python3 (3.11 or later) and make; everything else is fetched.
.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
ARGS ?=

.PHONY: help ready up down status doctor demo test test-chaos test-browser test-servers console openapi lint-console test-console lint format types bench schemas docs clean purge

help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

ready: ## Get uv and the Python packages; every other target does this first
	@python3 bin/bootstrap

up: ready ## Start PostgreSQL, RabbitMQ, the five services and the console; again: start what is not well
	@$(BIN)/canvass up $(ARGS)

down: ## Stop all of it; the data stays
	@if [ -x $(BIN)/canvass ]; then $(BIN)/canvass down; else echo "nothing was running"; fi

status: ready ## Show what runs
	@$(BIN)/canvass status

doctor: ready ## Show what is missing on this machine and how to get it
	@$(BIN)/canvass doctor

demo: ready ## Start what does not run, play the story, and print the milliseconds of each reaction
	@$(BIN)/canvass demo $(ARGS)

test: ready ## Run the tests against private servers: make test ARGS="libs/messaging -k relay"
	@$(BIN)/canvass test $(ARGS)

test-chaos: ready ## Kill, restart and flood the real parts, and count that nothing is lost or doubled
	@$(BIN)/canvass test -m chaos tests/chaos $(ARGS)

test-browser: ready ## Use the console, and the SDKs of browsers, in a real Chromium: needs chromium and node
	@$(BIN)/canvass test -m browser services/tracking/tests/test_browser.py tests/browser $(ARGS)

test-servers: ready ## Start the servers of the tests and leave them running, for quicker runs
	@$(BIN)/canvass test-servers start

console: ready ## Build the console, the browser's application, when its sources have changed
	@$(BIN)/canvass console

lint-console: ready ## Check the console: types, style and format
	@$(BIN)/canvass console check

test-console: ready ## Run the tests of the console's own code
	@$(BIN)/canvass console test

lint: ready ## Check style, format, types and the walls between the rooms
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/pyright --project pyproject.toml
	@$(BIN)/lint-imports

format: ready ## Format the code, and mend what can be mended
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: ready ## Check the types alone
	@$(BIN)/pyright --project pyproject.toml

bench: ready ## Measure, and write .run/bench.json
	@$(BIN)/python -m tests.bench $(ARGS)

schemas: ready ## Write the JSON Schema of every fact, and docs/events.md
	@$(BIN)/python -m canvass_schemas.jsonschemas
	@$(BIN)/python -m canvass_schemas.docs > docs/events.md

openapi: ready ## Write the description of each service's API, from which the console's clients are made
	@$(BIN)/canvass openapi console/openapi

docs: schemas ## Write the pages that come from the code

clean: ## Delete caches and build products; data and environment stay
	@rm -rf .pytest_cache .ruff_cache .hypothesis .import_linter_cache dist
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +

purge: ready ## Stop all, and delete the data of this checkout and its environment
	@$(BIN)/canvass purge
	@rm -rf .venv
