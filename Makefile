# Two commands: `make run` (try it) and `make test` (prove it). Both make the environment first, once.
PYTHON ?= python3
BIN := .venv/bin
.DELETE_ON_ERROR:
.PHONY: run test install bench race lint lock messages clean

CATALOGUES := $(wildcard eventsys/translations/*/LC_MESSAGES/messages.po)
COMPILED := $(CATALOGUES:.po=.mo)

run: install
	@$(BIN)/eventsys run

install: .venv/base.stamp $(COMPILED)

test: .venv/test.stamp $(COMPILED)
	@sh .ci/chromium.sh && sh .ci/postfix.sh
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2 --dist loadscope $(TESTS)

bench: .venv/test.stamp $(COMPILED)
	$(BIN)/python -m bench $(BENCH)

# A hundred races for the last fifty places on each database.
race: .venv/test.stamp $(COMPILED)
	$(BIN)/python -m bench.race $(RACE)

# The environment. Stamps hold the time of the last install, so that a second run starts at once.
.venv/bin/pip:
	@sh .ci/python.sh $(PYTHON)
	$(PYTHON) -m venv .venv

.venv/base.stamp: requirements/base.txt pyproject.toml | .venv/bin/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/test.stamp: requirements/test.txt .venv/base.stamp
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

%.mo: %.po | .venv/base.stamp
	@$(BIN)/pybabel -q compile -i $< -o $@ -l $(notdir $(patsubst %/LC_MESSAGES/messages.po,%,$<))

lock: .venv/test.stamp
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml -o requirements/base.txt
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --extra test -c requirements/base.txt pyproject.toml -o requirements/test.txt

messages: .venv/base.stamp
	$(BIN)/pybabel -q extract -F babel.cfg --no-location --sort-output --project eventsys --copyright-holder "The eventsys authors" \
		-k _l -k lazy_gettext -o eventsys/translations/messages.pot .
	$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete -N -i eventsys/translations/messages.pot -d eventsys/translations

clean:
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache
