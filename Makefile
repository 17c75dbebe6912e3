# The way in. Every target sets up what it needs by itself; scripts/ does the work.
PYTHON ?= python3

.DEFAULT_GOAL := help
.PHONY: help demo test test-unit lint lab lab-image lab-down engines controllers vm vm-down bench fuzz soak peer-suite clean

help:
	@echo "make demo       three LXC hosts, set up, with containers on them (as root)"
	@echo "make test       every test and check, with a lab of its own (as root; says what it leaves out otherwise)"
	@echo "make test-unit  unit tests on both supported pairs of Python and ansible-core"
	@echo "make lint       all static checks"
	@echo "make lab        only the LXC hosts and one more, in .lab (as root)"
	@echo "make lab-down   removes the hosts of demo and lab"
	@echo "make engines    the long tests of engines on all of them, on the lab"
	@echo "make vm         the newest engines in a virtual machine beside the lab (experimental), and their tests there; make vm-down"
	@echo "make controllers  two hosts of the lab become controllers with ansible-runner, and share the lab by slices"
	@echo "make bench      benchmarks on the lab"
	@echo "make fuzz       tries every parser with EXAMPLES=20000 inputs that Hypothesis makes up, and by coverage for FUZZ_SECONDS=600"
	@echo "make soak       30 minutes of mixed work with faults on the lab; SECONDS=600 SEED=7 say for how long, and which"
	@echo "make peer-suite PEER=path  the tests of a checkout of community.docker, with the modules of this collection"
	@echo "make clean      removes virtual environments and caches of this checkout"

demo:
	@$(PYTHON) scripts/demo.py

test:
	@$(PYTHON) scripts/suites.py

test-unit:
	@$(PYTHON) scripts/suites.py unit

lint:
	@$(PYTHON) scripts/suites.py lint

lab:
	@$(PYTHON) scripts/lab.py up

lab-image:
	@$(PYTHON) scripts/lab.py image

lab-down:
	@$(PYTHON) scripts/lab.py down

engines:
	@$(PYTHON) scripts/lab.py up
	@SSHFLEET_ENGINES=all SSHFLEET_LAB=$${SSHFLEET_LAB:-.lab} .venv/bin/python -m pytest -v \
	  tests/lab/test_drift.py tests/lab/test_drift_modes.py tests/lab/test_remote_container.py \
	  tests/lab/test_remote_container_options.py tests/lab/test_remote_container_unchanged.py \
	  tests/lab/test_remote_container_behaviour.py tests/lab/test_recreate_faults.py tests/lab/engine_client

vm:
	@$(PYTHON) scripts/vm.py up
	@$(PYTHON) scripts/vm.py test

vm-down:
	@$(PYTHON) scripts/vm.py down

controllers:
	@$(PYTHON) scripts/bootstrap.py test
	@$(PYTHON) scripts/lab.py up
	@SSHFLEET_LAB=$${SSHFLEET_LAB:-.lab} .venv/bin/python -m pytest -v tests/controllers

bench:
	@$(PYTHON) scripts/bootstrap.py bench
	@$(PYTHON) scripts/lab.py up
	@.venv/bin/python tests/bench/hosts_json.py
	@.venv/bin/python tests/bench/run.py
	@.venv/bin/python tests/bench/transports.py
	@.venv/bin/python tests/bench/ship.py
	@.venv/bin/python tests/bench/projects.py
	@.venv/bin/python tests/bench/connection.py
	@.venv/bin/python tests/bench/fleet.py --clush .venv-peers/bin/clush --pyinfra .venv-peers/bin/pyinfra
	@.venv/bin/python tests/bench/fleet_containers.py
	@.venv/bin/python tests/bench/strategy.py

EXAMPLES ?= 20000
FUZZ_SECONDS ?= 600
fuzz:
	@$(PYTHON) scripts/bootstrap.py test
	@FUZZ_EXAMPLES=$(EXAMPLES) .venv/bin/python -m pytest tests/unit/fuzz -p no:cacheprovider
	@if $(PYTHON) scripts/bootstrap.py fuzz; then .venv-fuzz/bin/python tests/unit/fuzz/by_coverage.py $(FUZZ_SECONDS); else \
	  echo; echo "!!! NOT FUZZED BY COVERAGE: there is no atheris for this Python and machine (see above)."; \
	  echo "!!! What Hypothesis makes up has been tried, and nothing else."; fi

SECONDS ?= 1800
SEED ?=
soak:
	@$(PYTHON) scripts/lab.py up
	@SSHFLEET_LAB=$${SSHFLEET_LAB:-.lab} SOAK_SECONDS=$(SECONDS) SOAK_SEED=$(or $(SEED),$(shell date +%s)) \
	  .venv/bin/python -m pytest -v tests/lab/test_soak.py

PEER ?=
HOST ?= bookworm1
ENGINE ?= docker
peer-suite:
	@test -d "$(PEER)/tests/integration/targets" || { echo "give PEER=path, a checkout of community.docker"; exit 2; }
	@$(PYTHON) scripts/bootstrap.py bench
	@$(PYTHON) scripts/lab.py up
	@.venv/bin/python tests/peer_suite/run.py "$(PEER)" --host $(HOST) --engine $(ENGINE) $(if $(RECORD),--record) $(if $(ONLY),--only $(ONLY))

clean:
	@rm -rf .venv .venv-3.13 .venv-peers .cache .ansible .mypy_cache .ruff_cache .pytest_cache
