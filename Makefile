# The shortest commands for a checkout; `make help` lists them.

.PHONY: help setup demo build test format lint docs coverage bench clean

help: ## List these commands.
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | \
	  awk -F '|' '{ printf "%-16s%s\n", $$1, $$2 }'

setup: ## Install the libraries that a build needs and this machine lacks.
	@Scripts/setup

demo: setup ## Build the optimized program and run an alpha from idea to tear sheet.
	swift build -c release --product athanor
	.build/release/athanor demo

build: setup ## Build the optimized program, .build/release/athanor.
	swift build -c release --product athanor

test: ## Build everything for debugging and run all tests.
	@Scripts/setup --tests
	swift test --disable-xctest

format: ## Format the Swift sources in place.
	Scripts/format

lint: ## Report what is not formatted, and types of the pages that do not fit.
	Scripts/format --check
	Scripts/check-web

docs: setup ## Build the rooms' reference below .build/docs.
	Scripts/docs

coverage: ## Run all tests and report the lines they reached.
	@Scripts/setup --tests
	Scripts/coverage

bench: setup ## Measure the desk beside other programs; writes Benchmarks/RESULTS.md.
	Benchmarks/run

clean: ## Remove everything that was built.
	rm -rf .build Benchmarks/.build
