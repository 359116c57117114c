# Two commands suffice: `make run` and `make test`. Both build the environment they need.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
REQUIREMENTS ?= requirements.txt

.PHONY: run test check bench screenshots clean

run: $(VENV)/app.done
	$(BIN)/streamlit run streamlit_app.py

test: $(VENV)/dev.done
	$(BIN)/pytest --numprocesses=auto --maxprocesses=4 --dist=loadfile --no-loadscope-reorder

check: $(VENV)/dev.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/dev.done
	$(BIN)/python -m benchmarks all

# PHOTOS is a folder with a folder of photos per class; without it the drawn insects are shown.
screenshots: $(VENV)/dev.done
	$(BIN)/python -m tests.journeys.screenshots $(PHOTOS)

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Loupe needs Python 3.11 or newer; try: make PYTHON=python3.12 run")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/app.done: $(VENV)/bin/python requirements-app.txt $(REQUIREMENTS)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $(REQUIREMENTS)
	touch $@

$(VENV)/dev.done: $(VENV)/app.done requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
