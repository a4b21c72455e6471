# Two commands are all a newcomer needs: make run, make test.
BIN = .venv/bin
PLANT = resources/plants/netherby
# A screen of its own for tests and pictures; without Xvfb they run off-screen, and the summary says so.
SCREEN = $$(command -v xvfb-run >/dev/null 2>&1 && echo "xvfb-run -a -s '-screen 0 1920x1080x24'" || echo "env -u DISPLAY QT_QPA_PLATFORM=offscreen")

# What was compiled once is kept, also where the environment says otherwise: tests start some hundred programs.
export PYTHONDONTWRITEBYTECODE =

.PHONY: setup setup-test run test bench screenshots soak foreign lock reference

setup:
	@deploy/setup.sh run

setup-test:
	@deploy/setup.sh test

run: setup
	@$(BIN)/python main.py run $(PLANT)

test: setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@rm -f .coverage*
	eval "$(SCREEN) $(BIN)/python -m pytest -n 3 --dist loadscope -m 'not soak and not foreign' --cov --cov-report="
	$(BIN)/coverage report

bench: setup-test
	eval "$(SCREEN) $(BIN)/python -m benchmarks"

screenshots: setup
	@$(BIN)/python main.py screenshot $(PLANT) screenshots --trip RPS.P2 --trip LPS.P2

soak: setup-test
	eval "$(SCREEN) $(BIN)/python -m pytest -m soak --timeout 7200"

# Real windows on servers that aren't ours, which are installed by apt and npm.
foreign: setup-test
	@deploy/foreign.sh
	eval "$(SCREEN) $(BIN)/python -m pytest -m foreign tests/foreign"

# The tables of docs/reference/plant-folder.md, from the models.
reference: setup
	@$(BIN)/python -m docs.generate

# New versions of everything, for all supported Pythons and systems.
lock: setup-test
	$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-annotate --no-emit-index-url \
		--custom-compile-command "make lock" --extra simulation pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-annotate --no-emit-index-url \
		--custom-compile-command "make lock" --extra simulation --extra test -c requirements.lock pyproject.toml -o requirements-test.lock
