# make reproduce   quick studies, quick classifiers, figures, build/report/index.html   (FULL=1: paper scale)
# make figures     the figures of the results in validation/results, in seconds
# make test        the whole test suite
# make setup | check | docs | speed | clean

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
EXTRAS := cli,figures,train,studies,tables,cluster,docs,dev
STAMP := $(VENV)/.ready
PROFILE := $(if $(FULL),--full,)

.PHONY: reproduce figures test check docs speed setup clean

reproduce: setup
	$(BIN)/mitheory reproduce $(PROFILE)

figures: setup
	$(BIN)/mitheory reproduce --figures

test: setup
	$(BIN)/python -m pytest -n 2

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: setup
	$(BIN)/python -m sphinx -q -W -b html docs build/docs
	@echo "docs: build/docs/index.html"

speed: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[peers]'
	$(BIN)/python validation/speed.py --full

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@echo "setting up $(VENV): Python packages, once (a few minutes) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "mitheory needs Python >= 3.11; $(PYTHON) is older. Name a newer one: make PYTHON=python3.12 ..."; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[$(EXTRAS)]'
	@touch $@
	@echo "set-up done"

clean:
	rm -rf build docs/generated .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find mitheory validation figures tests docs -name __pycache__ -type d -exec rm -rf {} +
