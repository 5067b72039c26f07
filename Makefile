# Everything sets itself up: `make demo` and `make test` work on a fresh clone with Python 3.11 or later.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DEMO   := stabgraph-demo.html
SIZES  ?= 150k

.PHONY: demo test lint bench docs clean

# ── Environments ─────────────────────────────────────────────────────────────────────────────────

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --group dev
	@touch $@

$(VENV)/.ready-bench: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --group bench
	@touch $@

# ── What a newcomer runs ─────────────────────────────────────────────────────────────────────────

demo: $(VENV)/.ready  ## answers from the bundled data, and an interactive page
	@echo "Who led each side at every round of the Pakistan–Russia Consultative Group, and who says so:"
	@$(BIN)/stabgraph ask delegation-heads --dialogue pak-rus-cgss
	@echo "The ten topics taken up most, over all dialogues:"
	@$(BIN)/stabgraph ask topics --limit 10
	@echo "Where reports disagree about the 14th round:"
	@$(BIN)/stabgraph ask disputes --meeting pak-rus-cgss-14
	@echo "An interactive network of who discussed what where:"
	@$(BIN)/stabgraph export network --output $(DEMO)

# ── What a developer runs ────────────────────────────────────────────────────────────────────────

test: $(VENV)/.ready-dev  ## the whole suite, browser and notebooks included
	@PATH="$(CURDIR)/$(BIN):$$PATH" .ci/browser
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest --numprocesses 2 --quiet
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest --quiet --nbmake notebooks -p no:randomly -W default

lint: $(VENV)/.ready-dev  ## format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.ready-bench  ## stabgraph beside its peers, in one run: make bench SIZES=150k,1.5M,15M
	$(BIN)/python benchmarks/run.py --sizes $(SIZES)

docs: $(VENV)/.ready-dev  ## write docs/ and the outputs in README.md anew
	$(BIN)/python docs/generate.py

clean:
	rm -rf $(VENV) $(DEMO) build dist
