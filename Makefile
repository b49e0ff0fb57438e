# The front door. Every target prints the commands that it runs: copy them when you need a part.
.DEFAULT_GOAL := help
.PHONY: reference conformance talib warm-check help build run test unit program-test checked threads fuzz bench lint format web clean bootstrap digests web-test web-unit web-pages
SHELL := /bin/sh
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
CTEST := ctest --output-on-failure -j $(JOBS)

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

bootstrap: ## install what is missing to build and run (apt, npm); prints each command
	tools/bootstrap build page

build: bootstrap web ## the program: build/release/virtuoso, pages inside
	cmake --preset release
	cmake --build --preset release --target virtuoso -j $(JOBS)

run: build ## build, then start the demo market: http://localhost:8003/
	build/release/virtuoso run --market demo

web: web/dist/index.html ## the pages: web/dist

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	cd web && ../tools/npm ci --ignore-scripts --no-audit --no-fund
	touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(shell find web -path web/node_modules -prune -o -path web/dist \
		-prune -o -path web/tests -prune -o -type f -print 2>/dev/null) $(wildcard docs/indicators/*.md)
	cd web && ../tools/npm run build
	touch $@

test: ## everything: the release program, unit tests in the checked build, replays, pages in a browser
	tools/bootstrap build page test checked
	$(MAKE) program-test
	$(MAKE) checked
	# the warm state keeps one core busy for minutes; what a browser waits for leaves the other one idle half of the time
	$(MAKE) -j 2 --output-sync=target warm-check web-pages digests conformance web-unit

program-test: web ## the release program as its users meet it, and the conventions of the tree
	cmake --preset release
	cmake --build --preset release --target virtuoso storage_paths -j $(JOBS)
	$(CTEST) --test-dir build/release -L 'program|tidy'

unit: web talib ## the unit tests once more, in the release build: no part of `test`
	cmake --preset release
	cmake --build --preset release --target vt_unit_tests -j $(JOBS)
	$(CTEST) --test-dir build/release -L unit

checked: web talib ## the debug build by clang under ASan, UBSan and libstdc++'s assertions, and its unit tests
	cmake --preset asan
	cmake --build --preset asan --target vt_unit_tests virtuoso -j $(JOBS)
	$(CTEST) --test-dir build/asan -L unit

threads: ## the modules with threads, under ThreadSanitizer
	tools/bootstrap build
	cmake --preset tsan
	cmake --build --preset tsan --target vt_threaded_tests -j $(JOBS)
	$(CTEST) --test-dir build/tsan -L threaded

digests: ## one recording replayed five ways must give one digest
	tools/compare_digests.py --release build/release/virtuoso --debug build/asan/virtuoso

warm-check: ## the bundled warm state is what the program makes of its market
	nice build/release/virtuoso warm-state --hours 16 --out build/demo.vtw
	cmp build/demo.vtw data/warm/demo.vtw

tests/conformance/node_modules/.package-lock.json: tests/conformance/package.json tests/conformance/package-lock.json
	cd tests/conformance && ../../tools/npm ci --ignore-scripts --no-audit --no-fund
	touch $@

conformance: tests/conformance/node_modules/.package-lock.json ## the real ccxt client against the demo exchange
	cd tests/conformance && ../../tools/npm run --silent conformance

tests/talib/node_modules/.package-lock.json: tests/talib/package.json tests/talib/package-lock.json
	cd tests/talib && ../../tools/npm ci --ignore-scripts --no-audit --no-fund
	touch $@

talib: tests/talib/node_modules/.package-lock.json ## TA-Lib's C source, for the tests and benchmarks of the indicators

reference: ## src/statistics beside SciPy, statsmodels and scikit-learn, which are fetched and not installed
	tools/bootstrap build
	[ -d build/reference/unpacked ] || tests/statistics/fetch
	cmake --preset dev
	cmake --build --preset dev --target statistics_figures -j $(JOBS)
	$(CTEST) --test-dir build/dev -R reference.statistics

web-test: web-unit web-pages ## everything of the pages

web-unit: web ## the page's layers and types, and its unit tests
	cd web && ../tools/npm run check
	cd web && ../tools/npm test

web-pages: web ## the pages in Chromium, against a mock and against the program
	cd web && ../tools/npm run e2e
	cd web && VIRTUOSO_BINARY=../build/release/virtuoso ../tools/npm run e2e

FUZZ_SECONDS ?= 60
fuzz: ## every fuzz target of the checked build, FUZZ_SECONDS (60) in all
	tools/bootstrap build checked
	cmake --preset asan
	cmake --build --preset asan --target vt_fuzzers -j $(JOBS)
	tools/run_fuzzers build/asan $(FUZZ_SECONDS)

bench: talib ## nanoseconds (google-benchmark), and instruction counts (callgrind) beside bench/baseline.json
	tools/bootstrap build bench
	cmake --preset bench
	cmake --build --preset bench --target vt_benches -j $(JOBS)
	for b in build/bench/*_bench; do $$b --benchmark_filter=-counted --benchmark_min_time=0.2 || exit 1; done
	bench/instructions.py build/bench

lint: ## clang-tidy on the pure modules
	tools/bootstrap build lint
	cmake --preset nopch
	tools/lint build/nopch

format: ## clang-format on the files that differ from HEAD
	tools/bootstrap format
	git diff --name-only --diff-filter=d HEAD -- '*.cpp' '*.hpp' | xargs -r clang-format-19 -i

clean: ## remove what was built; the fetched node stays
	find build -mindepth 1 -maxdepth 1 ! -name tools -exec rm -rf {} +
	rm -rf web/dist web/node_modules tests/conformance/node_modules tests/talib/node_modules
