# Two commands matter: `make run` and `make test`. Nothing but Python 3.11+ and make is needed.

PYTHON ?= python3
BIN := .venv/bin
# Workers of pytest: one for each core, as long as there are no more than two.
JOBS ?= 2

.PHONY: run test check format bench drill messages screenshots lock clean runtime dev

run: runtime
	@exec $(BIN)/python manage.py serve

test: dev
	@$(BIN)/python -m tests.run --numprocesses $(JOBS) $(ARGS)

check: dev
	@$(BIN)/python -m tests.check

format: dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: dev
	@$(BIN)/python -m tests.bench $(ARGS)

# Kills, stops and refuses for a quarter of an hour; `make drill ARGS="kills smtp --small"` is less.
drill: dev
	@$(BIN)/python -m tests.drills $(ARGS)

# Needs gettext; the compiled files are committed, so nobody else does.
messages: dev
	$(BIN)/python manage.py makemessages --locale zh_Hans --no-location --no-wrap --no-obsolete --ignore '.venv/*' --ignore 'tests/*'
	$(BIN)/python manage.py compilemessages --locale zh_Hans --ignore '.venv/*'

screenshots: dev
	$(BIN)/python -m tests.screenshots $(ARGS)

lock: dev
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --quiet --python-version 3.11 pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --quiet --python-version 3.11 pyproject.toml --group dev -o requirements-dev.lock

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

runtime:
	@$(PYTHON) bootstrap.py
	@$(BIN)/python -m compileall -q plants tracker

dev:
	@$(PYTHON) bootstrap.py dev
