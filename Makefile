# Doorway. `make help` lists the targets. On a fresh machine: `make run`, `make test`.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PORT ?= 8080

export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export UV_LINK_MODE ?= hardlink

# Files of tests over the cores; the longest wait for servers that they kill.
SPREAD := -n 2 --dist loadfile

UV := .tools/bin/uv
PY := .venv/bin/python
LINT := .venv-lint/bin
INSTALL = $(UV) pip install --quiet --require-hashes --no-deps

.PHONY: help setup train run check format test unit story contract browser eval ablation learning bench i18n graph lock hooks packages clean

help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(UV): requirements/uv.txt
	@python3 -m venv .tools || { apt-get update -q && apt-get install -qy python3-venv && python3 -m venv .tools; }
	@.tools/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/.run: requirements/run.txt pyproject.toml $(wildcard vendor/stand-ins/*) | $(UV)
	@echo "Installing Doorway into .venv (about 0.8 GB) …"
	@[ -x $(PY) ] || $(UV) venv --quiet --python 3.10 .venv
	@$(INSTALL) --compile-bytecode --python $(PY) -r requirements/run.txt   # compiled once: half the time of a start
	@cp vendor/stand-ins/stand_ins.py vendor/stand-ins/stand_ins.pth .venv/lib/python3.10/site-packages/
	@$(UV) pip install --quiet --python $(PY) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.test: .venv/.run requirements/test.txt
	@$(INSTALL) --python $(PY) -r requirements/test.txt
	@touch $@

.venv-lint/.lint: requirements/lint.txt | $(UV)
	@[ -x $(LINT)/python ] || $(UV) venv --quiet --python 3.10 .venv-lint
	@$(INSTALL) --python $(LINT)/python -r requirements/lint.txt
	@touch $@

.venv-oidc/.oidc: requirements/oidc.txt | $(UV)
	@[ -x .venv-oidc/bin/python ] || $(UV) venv --quiet --python 3.10 .venv-oidc
	@$(INSTALL) --python .venv-oidc/bin/python -r requirements/oidc.txt
	@touch $@

setup: .venv/.run ## Make the environment in .venv

train: setup ## Build the model when its sources changed
	@.venv/bin/doorway train

run: setup ## Install, build the model, serve on http://localhost:8080 (PORT=8099 for another port)
	@exec .venv/bin/doorway serve --port $(PORT)

check: .venv/.test .venv-lint/.lint ## Format, lint, types, layers, shell, content: seconds, no model
	@$(LINT)/ruff format --check --quiet .
	@$(LINT)/ruff check --quiet .
	@$(LINT)/mypy --python-executable $(PY)
	@PYTHONPATH=. $(LINT)/lint-imports --no-cache | tail -n 3
	@$(LINT)/shellcheck .ci/run
	@.venv/bin/doorway check

format: .venv-lint/.lint ## Format the code and mend what the linter can
	@$(LINT)/ruff format --quiet . && $(LINT)/ruff check --quiet --fix .

test: check story .venv-oidc/.oidc ## Everything: checks, dialogue, tests with coverage, browser
	@$(MAKE) --no-print-directory packages
	@$(PY) -m pytest $(SPREAD) --ignore=tests/browser --ignore=tests/story --cov --cov-report=term:skip-covered
	@$(PY) -m pytest $(SPREAD) tests/browser

unit: .venv/.test ## Unit tests only: no model, no network
	@$(PY) -m pytest -q tests/unit tests/test_data.py tests/test_docs.py

story: .venv/.test train ## Rasa's own checks of the data, and the dialogue stories
	@.venv/bin/rasa data validate --quiet --fail-on-warnings
	@$(PY) -m pytest -q tests/story

contract: .venv/.test .venv-oidc/.oidc train ## HTTP API, stores, safety
	@$(PY) -m pytest -q tests/contract

browser: .venv/.test train ## Pages and widget in Chromium
	@$(MAKE) --no-print-directory packages
	@$(PY) -m pytest -q tests/browser

eval: train ## Figures of understanding into reports/
	@.venv/bin/doorway report

ablation: .venv/.test train ## What each view of a message is worth, beside Rasa's default pipeline
	@$(PY) -m tests.eval.ablation

learning: .venv/.test train ## Accuracy against the number of examples, by language
	@$(PY) -m tests.eval.learning

bench: .venv/.test train ## Speed beside stock Rasa on the same messages (installs TensorFlow in .venv-stock)
	@[ -x .venv-stock/bin/rasa ] || $(UV) venv --quiet --python 3.10 .venv-stock
	@$(INSTALL) --python .venv-stock/bin/python -r requirements/stock.txt
	@$(PY) -m tests.load.bench

i18n: setup ## Extract the English texts and merge them into every catalogue
	@$(PY) -m bot.i18n.extract

graph: setup ## Draw the eligibility rules into docs/eligibility.svg
	@$(PY) -m bot.eligibility.graph

lock: $(UV) ## Compile requirements/*.in into locks with hashes
	@for name in run test lint stock oidc uv; do \
	  overrides=""; [ $$name = run ] && overrides="--overrides requirements/overrides.txt"; \
	  $(UV) pip compile --quiet --python-version 3.10 --generate-hashes --no-header --no-emit-index-url $$overrides \
	    requirements/$$name.in --output-file requirements/$$name.txt; done

hooks: .venv-lint/.lint ## Install the git hooks
	@$(LINT)/pre-commit install

packages: ## Install what the tests start from the system's packages (Debian, as root)
	@missing=""; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	command -v npm >/dev/null || missing="$$missing npm"; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$$missing postgresql"; \
	command -v redis-server >/dev/null || missing="$$missing redis-server"; \
	PATH=$$PATH:/usr/sbin command -v nginx >/dev/null || missing="$$missing nginx-light"; \
	command -v sqlite3 >/dev/null || missing="$$missing sqlite3"; \
	dpkg -s fonts-noto-core >/dev/null 2>&1 || missing="$$missing fonts-noto-core"; \
	if [ -n "$$missing" ]; then \
	  [ "$$(id -u)" = 0 ] || { echo "please install:$$missing"; exit 1; }; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qqy --no-install-recommends $$missing >/dev/null; fi
	@cd tests/browser && [ -d node_modules/axe-core ] || npm ci --silent --no-fund --no-audit

clean: ## Remove everything that was built
	@rm -rf .venv .venv-lint .venv-stock .tools .cache models reports build
