.DEFAULT_GOAL := help
.PHONY: help demo test bench fuzz docs deny

help: ## This list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

demo: ## Make an invented county, from agency files to the report and the site (ARGS=--no-serve: no site)
	@scripts/demo.sh $(ARGS)

test: ## All tests: format, architecture and style, lints, tests of every crate
	@scripts/test.sh

bench: ## Speed and memory beside DuckDB, on a county-year
	@scripts/bench.sh

fuzz: ## Fuzz every file reader for a minute each
	@scripts/fuzz.sh

docs: ## Write the generated documents anew (GLOSSARY.md, docs/FACTS.md, models/models.lock, docs/images)
	@UPDATE_DOCS=1 cargo test --quiet --locked -p domain documents_are_current
	@UPDATE_DOCS=1 cargo test --quiet --locked -p screening a_changed_model_has_a_new_version
	@scripts/setup.sh test
	@UPDATE_DOCS=1 cargo test --quiet --locked -p mingbai --test it the_main_pages_are_pictured

deny: ## Licences, advisories and sources of the crates we stand on
	@scripts/setup.sh deny && . scripts/tools.sh && cargo deny --locked check
