# The only commands that people and CI use; what they do is in scripts/.
.DEFAULT_GOAL := help
.PHONY: help run build watch gallery documents test lint unit e2e size bench bench-web chaos soak fmt setup clean-data

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: ## build, then start the cabinet and the sandbox (LENDER=demo, DATABASE_URL=, PORT=)
	@scripts/run.sh

test: ## everything that must hold: format, lints, tests, size, browser
	@scripts/test.sh

build: ## what is put on a server: target/dist/kopeck and target/site
	@scripts/build.sh dist

watch: ## rebuild and reload on every change (dev profile)
	@scripts/watch.sh

lint: ## format check, crate arrows, clippy for server and browser, scripts
	@scripts/test.sh fmt arrows clippy clippy-wasm scripts

unit: ## Rust tests on SQLite and PostgreSQL
	@scripts/test.sh unit

e2e: ## browser tests (ARGS="journey --project=1280-js")
	@scripts/test.sh programs site e2e -- $(ARGS)

size: ## what a first visit downloads, against its budget
	@scripts/test.sh programs site size

gallery: ## every page in six looks, to be looked at: end2end/artifacts/gallery (PAGES=loan)
	@scripts/test.sh programs site && scripts/gallery.sh

documents: ## every document as pictures, to be looked at: end2end/artifacts/documents
	@scripts/documents.sh

bench: ## benchmarks, and ПСК beside pyxirr
	@scripts/bench.sh $(ARGS)

bench-web: ## Lighthouse, first visit, loan page under load, beside peers (ARGS="ssr")
	@scripts/bench-web.sh $(ARGS)

chaos: ## the real program under load, killed 100 times, its disk failing (CHAOS_KILLS=)
	@scripts/test.sh programs && scripts/chaos.sh $(ARGS)

soak: ## arithmetic and histories at length: a million lives, 100 000 histories (RUNS=, SEED=)
	@scripts/soak.sh

fmt: ## format the Rust code
	@cargo fmt --all && cargo fmt --manifest-path documents/Cargo.toml

setup: ## install what building and testing need
	@scripts/setup.sh test

clean-data: ## forget this machine's sandbox data (var/), keys included
	@rm -rf var
