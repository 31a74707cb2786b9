# Every target prepares what it needs first; the second time that costs nothing.
NAMES := python3 python3.14 python3.13 python3.12 python3.11
PYTHON3 := $(or $(PYTHON),$(firstword $(foreach name,$(NAMES),$(if $(shell command -v $(name)),$(name)))),python3)
PREPARE := "$(PYTHON3)" scripts/prepare.py
VENV := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run test faults lint format load bench screenshots openapi sbom migrate lock clean

help: ## Say what there is
	@sed -n 's/^\([a-z]*\):.*## /  \1\t/p' Makefile | expand -t 16

run: ## Open a room on this machine: servers, demo and all (HOST, PORT, WORKERS, ASSENT_DATA_DIR)
	@$(PREPARE) run && exec $(VENV) -m app.cli run --follow-parent

test: ## Check everything: style, types, layers, the client, and all tests on real servers
	@$(PREPARE) test && exec $(VENV) scripts/check.py

faults: ## Kill, pause and cut every part under a storm, and check the history (SECONDS, SEED)
	@$(PREPARE) test && ASSENT_FAULTS_SECONDS=$(or $(SECONDS),60) ASSENT_FAULTS_SEED=$(SEED) exec $(VENV) -m pytest -s tests/faults

lint: ## Check style, types and layers only
	@$(PREPARE) test && exec $(VENV) scripts/check.py lint

format: ## Lay out the code as the checks want it
	@$(PREPARE) test && $(VENV) -m ruff check --fix-only --quiet && $(VENV) -m ruff format

load: ## Drive a running room with many people (TARGET, USERS, TIME, SHAPE=storm|reconnect|soak, WEB=1)
	@$(PREPARE) test && mkdir -p build && exec env USERS=$(or $(USERS),100) TIME=$(or $(TIME),60s) $(if $(SHAPE),SHAPE=$(SHAPE)) $(VENV) -m locust -f loadtests/people.py,loadtests/shapes.py --host $(or $(TARGET),http://127.0.0.1:8000) $(if $(SHAPE),,--users $(or $(USERS),100) --spawn-rate 20 --run-time $(or $(TIME),60s)) --stop-timeout 5 --html build/load.html $(if $(WEB),--web-host 127.0.0.1 --autostart,--headless --only-summary)

bench: ## Measure beside references, keep it under docs/bench (SECONDS, PARTS=votes,fanout,storm,opening,reads,closing,growth,simulate)
	@$(PREPARE) test && exec $(VENV) -m loadtests.bench $(if $(SECONDS),--seconds $(SECONDS)) $(if $(PARTS),--parts $(PARTS))

screenshots: ## Take pictures of a running room in a browser
	@$(PREPARE) test && exec $(VENV) scripts/screenshots.py

openapi: ## Write the OpenAPI document
	@$(PREPARE) run && $(VENV) -m app.cli openapi docs/openapi.json

sbom: ## Write what it is made of, from the locks, as CycloneDX (build/sbom.json)
	@"$(PYTHON3)" scripts/sbom.py build/sbom.json

migrate: ## Bring the schema of DATABASE_URL up to date
	@$(PREPARE) run && exec $(VENV) -m app.cli migrate

lock: ## Resolve all locks again (needs uv)
	@$(PREPARE) run && exec $(VENV) scripts/lock.py --upgrade

clean: ## Remove what was built and installed; your data in .data stays
	rm -rf .venv build app/static web/node_modules web/dist .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
