# One line per target: `make help`. Everything that is built lands under .build, everything from Python in
# the .venv of a folder under Tests; nothing else on the machine changes but the packages that Scripts/install-missing names. What is
# here stays as it is where that can be helped; UPGRADE=1 says yes before it is asked.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

SWIFT ?= swift
PYTHON ?= python3
ARGS ?=
# The server that `clients` and `bench` drive: the release build, or `UNDERSTUDY_BIN=.build/static/understudy`.
UNDERSTUDY_BIN ?= .build/release/understudy

VENV := Tests/Clients/.venv
BROWSER_VENV := Tests/Browser/.venv
# Swift's own libraries go into the binary: it starts two milliseconds sooner and runs without the toolchain.
STATIC_SWIFT := $(if $(filter Linux,$(shell uname)),--static-swift-stdlib)
STRICT := -Xswiftc -warnings-as-errors --explicit-target-dependency-import-check error
# What is left of the compiler's and the test runner's thousands of lines.
SUMMARY := $(if $(filter --verbose -v,$(ARGS)),,Scripts/summarise)
# Without a bound every test begins at once, and whoever awaits something is taken up again when all others have had
# their turn: a connection then waits a minute for its own test.
TESTING := SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=4
# The sanitizers report by themselves; Swift's own backtracer would stop the process to symbolise each report.
SANITIZED := $(TESTING) SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 TSAN_OPTIONS=halt_on_error=0

# Left out there: what reads the sources, and what measures the stack, whose frames a sanitizer makes several times as large.
UNSANITIZED := --skip TidyTests --skip TreeParserTests/depth

.PHONY: help serve test check build clients judges browser matrix bench order accuracy fuzz sanitize static deb lint format clean dependencies

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: build ## build and serve on 127.0.0.1:8787; options through ARGS="--port 9000 scenario.json"
	@exec Scripts/serve $(ARGS)

test: dependencies ## build and run every Swift test; ARGS="--filter Hex" picks some, ARGS=--verbose tells of each
	$(SUMMARY) $(SWIFT) build --build-tests
	$(TESTING) $(SUMMARY) $(SWIFT) test --skip-build --disable-xctest $(ARGS)

check: dependencies lint ## lint, build with warnings as errors, test: what CI runs before `clients`
	$(SUMMARY) $(SWIFT) build --build-tests $(STRICT)
	$(TESTING) $(SUMMARY) $(SWIFT) test --skip-build --disable-xctest $(STRICT)

build: dependencies ## the release build, .build/release/understudy
	$(SWIFT) build --configuration release --product understudy $(STATIC_SWIFT)

clients: $(if $(filter .build/release/understudy,$(UNDERSTUDY_BIN)),build) $(VENV)/ready ## boto3, the AWS CLI, httpx, litellm, mcp, a2a-sdk, Node and curl against the built server
	UNDERSTUDY_BIN="$(abspath $(UNDERSTUDY_BIN))" $(VENV)/bin/python -m pytest Tests/Clients $(ARGS)

browser: $(if $(filter .build/release/understudy,$(UNDERSTUDY_BIN)),build) $(BROWSER_VENV)/ready ## the dashboard, and a page that calls agents, in headless Chromium: what they show, axe, figures; PICTURES=1 renews docs/pictures
	@Scripts/install-missing browser
	UNDERSTUDY_BIN="$(abspath $(UNDERSTUDY_BIN))" $(BROWSER_VENV)/bin/python -m pytest Tests/Browser -rP $(ARGS)

judges: $(if $(filter .build/release/understudy,$(UNDERSTUDY_BIN)),build) ## programs that others wrote, unmodified, against the built server; writes its table into docs/clients.md; ARGS=litellm for one
	@Scripts/install-missing clients
	UNDERSTUDY_BIN="$(abspath $(UNDERSTUDY_BIN))" $(PYTHON) Tests/Judges/run.py $(ARGS)

matrix: $(if $(filter .build/release/understudy,$(UNDERSTUDY_BIN)),build) $(VENV)/ready ## how each client takes a stream that is cut anywhere; writes its table into docs/clients.md
	UNDERSTUDY_BIN="$(abspath $(UNDERSTUDY_BIN))" $(VENV)/bin/python Tests/Clients/matrix.py

# The static binary is measured by two parts of the bench; whoever names others need not wait for it.
BENCH_STATIC = $(if $(filter start memory,$(ARGS)),static,$(if $(filter-out --%,$(ARGS)),,static))

bench: $(if $(filter .build/release/understudy,$(UNDERSTUDY_BIN)),build) $(BENCH_STATIC) $(VENV)/ready ## what it costs beside nginx, written into docs/figures.md; ARGS="--quick cost" for one part
	@Scripts/install-missing bench
	UNDERSTUDY_BIN="$(abspath $(UNDERSTUDY_BIN))" $(VENV)/bin/python Bench/run.py $(ARGS)

order: $(if $(filter .build/release/understudy,$(UNDERSTUDY_BIN)),build) $(VENV)/ready ## write anew in which order functions stand in the program: those together that calls run through
	@Scripts/install-missing bench
	UNDERSTUDY_BIN="$(abspath $(UNDERSTUDY_BIN))" $(VENV)/bin/python Bench/order.py
	@rm -f .build/release/understudy .build/static/release/understudy # the build does not know that they depend on the list
	@echo "the next build links the program in this order"

static: dependencies ## one self-contained binary, .build/static/understudy
	Scripts/build-static

deb: static ## a Debian package of that binary, with its manual page: .build/understudy_VERSION_ARCHITECTURE.deb
	Scripts/build-deb

accuracy: dependencies ## how often the judges of expectations are right, over simulated clients: the confusion table; RUNS=1000 SEED=1
	UNDERSTUDY_ACCURACY=1 $(SWIFT) build --configuration release --product Accuracy
	.build/release/Accuracy $(or $(RUNS),1000) $(or $(SEED),1)

fuzz: dependencies ## bounded fuzzing of every reader; SECONDS_EACH=30 RUNS=5000000, TARGETS="http json" picks some
	Scripts/fuzz

sanitize: dependencies ## the Swift tests under the thread sanitizer, then the address sanitizer
	$(SANITIZED) $(SWIFT) test --disable-xctest $(UNSANITIZED) --sanitize thread --scratch-path .build/thread $(ARGS)
	$(SANITIZED) $(SWIFT) test --disable-xctest $(UNSANITIZED) --sanitize address --scratch-path .build/address $(ARGS)

lint: ## what `swift format` would change, as errors
	$(SWIFT) format lint --strict --recursive --parallel Sources Tests Package.swift

format: ## let `swift format` change it
	$(SWIFT) format --in-place --recursive --parallel Sources Tests Package.swift

clean: ## remove everything that was built
	rm -rf .build $(VENV) $(BROWSER_VENV) Tests/Judges/.venv

dependencies:
	@Scripts/install-missing build

PYTEST_PACKAGE := $(wildcard packages/pytest-understudy/pyproject.toml packages/pytest-understudy/src/*/*.py)

$(BROWSER_VENV)/ready: Tests/Browser/requirements.txt $(PYTEST_PACKAGE)
	@Scripts/install-missing clients
	$(PYTHON) -m venv $(BROWSER_VENV)
	$(BROWSER_VENV)/bin/pip install --quiet --disable-pip-version-check --requirement Tests/Browser/requirements.txt
	$(BROWSER_VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps ./packages/pytest-understudy
	@touch $@

$(VENV)/ready: Tests/Clients/requirements.txt $(PYTEST_PACKAGE)
	@Scripts/install-missing clients
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement Tests/Clients/requirements.txt
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps ./packages/pytest-understudy
	@touch $@
