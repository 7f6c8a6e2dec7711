# The two commands are `make run` and `make test`. Each sets up what it needs, and skips that when nothing changed.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test quick lint bench soak migrate setup setup-test assets lock clean
MAKEFLAGS += --no-print-directory
# A start is quick only where Python may keep what it compiled.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
# For two cores: a test waits for its database or its browser a third of its time.
WORKERS ?= 3
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
  --custom-compile-command "make lock"

help: ## say what there is to make
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

run: setup ## set up, load the fictional caseload, serve on this machine only
	@exec $(BIN)/python -m config.cli demo

test: setup-test ## everything: lint, types, layers, and the whole suite on both databases and in a browser
	@$(MAKE) lint >.tools/lint.txt 2>&1 & linting=$$!; \
	trap 'kill $$linting 2>/dev/null' INT TERM; \
	tested=0; $(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal --databases sqlite,postgresql || tested=$$?; \
	linted=0; wait $$linting || linted=$$?; \
	cat .tools/lint.txt; exit $$((tested | linted))

quick: setup-test lint ## under a minute: lint, and the tests of the rules, the kernel and the shape of the code
	@$(BIN)/python -m pytest -q -n $(WORKERS) -m "not slow" --hypothesis-profile quick tests/rules tests/kernel tests/architecture

lint: setup-test ## style, types, layers and declared packages
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo >.tools/layers.txt || { cat .tools/layers.txt; exit 1; }
	@$(BIN)/deptry . --no-ansi

bench: setup-test ## measure, and print the table kept in README.md; PARTS=queues,webhooks a part of it
	@.ci/setup bench
	@$(BIN)/python -m tests.bench $(if $(PARTS),--parts $(PARTS))

soak: setup-test ## thousands of kills and twelve weeks of thousands of people: hours; SHARE=0.1 is a tenth, ONLY=weeks a part
	@$(BIN)/python -m tests.soak --share $(or $(SHARE),1) $(if $(ONLY),--only $(ONLY))

migrate: setup ## bring the configured database to the newest schema
	@$(BIN)/python -m config.cli migrate

setup: ## what running needs
	@.ci/setup run

setup-test: ## what testing needs
	@mkdir -p .tools && .ci/setup test

assets: ## fetch and build the style, scripts and fonts
	@.ci/setup assets

lock: ## write the locks anew from pyproject.toml, with the newest versions that fit
	@$(COMPILE) pyproject.toml -o requirements.lock
	@$(COMPILE) pyproject.toml --group dev --constraint requirements.lock -o requirements-dev.lock
	@$(COMPILE) --group bench --constraint requirements-dev.lock -o requirements-bench.lock
	@$(COMPILE) --group setup -o requirements-setup.lock
	@$(COMPILE) --group node -o requirements-node.lock

clean: ## forget what was set up
	rm -rf .tools throughcare/web/static throughcare/web/assets/node_modules tests/tools/node_modules
	@if [ -L .venv ]; then echo ".venv is a link and stays"; else rm -rf .venv; fi
