# For developers: the README's commands without making the environment anew, and the tools.
PYTHON ?= python3
BIN = .venv/bin

.PHONY: run test long check format constraints benchmark

.venv/.ok: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q -c constraints.txt -e '.[test]'
	touch $@

run: .venv/.ok
	$(BIN)/callsim compare scenarios/case/compare.yaml --json compare.json

test: .venv/.ok
	$(BIN)/python -m pytest -n 2

long: .venv/.ok
	$(BIN)/python -m pytest -n 2 -m long

check: .venv/.ok
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: .venv/.ok
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

# the pins: one file for every Python and platform, without the index they came from
constraints:
	uv pip compile --quiet --universal --no-emit-index-url --no-annotate --no-header --extra test --extra notebooks --extra benchmarks pyproject.toml -o constraints.txt

benchmark: .venv/.ok
	$(BIN)/pip install -q -c constraints.txt -e '.[benchmarks]'
	$(BIN)/python -m benchmarks.peers
	$(BIN)/python -m benchmarks.growth --quick
	$(BIN)/python -m benchmarks.cold_start
