# SPDX-License-Identifier: Apache-2.0
# One or two lines each; what needs more stands in Scripts/ or in Tests/TidyTests.
SHELL := /bin/bash
PREFIX ?= /usr/local
SCRATCH ?= .build
SWIFT_FILES = Package.swift Sources Tests Fuzz
# SwiftPM alone does not hold a room to its list of imports; this does (docs/decisions/0001).
# The rooms that keep records: their tests run again on a PostgreSQL server.
ENGINE_TESTS = '^((Records|Parties|Repository|EntryTesting|Registration|Authority|Batches)Tests|ServiceTests.MovingTests)'
STRICT = --scratch-path $(SCRATCH) --explicit-target-dependency-import-check error

.PHONY: build setup run test test-long lint format trace check bench drill-batch fuzz mutants
.PHONY: bench-repository drill-authorities drill-pma drill-nodes drill-failover install clean

build: setup ## the program, for work on it
	swift build $(STRICT)

setup: ## the Debian packages that the build needs; nothing when all are there
	Scripts/setup

run: ## a test estate on this machine, ready for a first request
	Scripts/run $(ARGS)

test: setup lint ## what CI runs: style, then everything built, then every test
	swift build $(STRICT) --build-tests
	Scripts/tests swift test $(STRICT) --disable-xctest
	Scripts/tests Scripts/postgres with swift test $(STRICT) --disable-xctest --skip-build --filter $(ENGINE_TESTS)

test-long: ## the drills at full size
	SMKI_LONG=1 swift test $(STRICT) --disable-xctest

drill-pma: ## three years of the PMA and ten thousand meetings, before the second evaluator
	SMKI_LONG=1 swift test $(STRICT) --disable-xctest --filter ServiceTests.PMADrillTests

lint: ## the style, as the machine sees it
	swift format lint --strict --recursive $(SWIFT_FILES)

format: ## puts the style right
	swift format --in-place --recursive $(SWIFT_FILES)

trace: ## writes docs/traceability.md from the sources
	SMKI_WRITE_TRACE=1 swift test $(STRICT) --disable-xctest --filter TidyTests.Traceability

check: test ## before a merge: the tests, then a release build
	swift build $(STRICT) --configuration release --product smki

drill-batch: ## a party's batches of 50,000 on a server that is killed a hundred times
	swift build --scratch-path $(SCRATCH) --configuration release --product smki
	Scripts/drill-batch --smki $(SCRATCH)/release/smki

bench: ## rates on this machine, from an optimised build
	swift build --scratch-path $(SCRATCH) --configuration release --product smki
	$(SCRATCH)/release/smki bench

SCALE ?= 1000000
bench-repository: ## the Repository at a size, as SCALE=10000000
	swift build --scratch-path $(SCRATCH) --configuration release --product smki
	$(SCRATCH)/release/smki bench repository --scale $(SCALE) $(ARGS)

fuzz: ## hostile octets into every reader, for five minutes
	Scripts/fuzz 300

mutants: ## takes away one refusal after the other: a test has to notice (hours)
	Scripts/mutants

drill-authorities: ## three lives of issuing authorities in SoftHSM; ARGS for a smaller size
	swift build --scratch-path $(SCRATCH) --configuration release --product smki
	Scripts/drill-authorities --smki $(SCRATCH)/release/smki $(ARGS)

drill-nodes: ## two nodes on one PostgreSQL store, one of them killed; ARGS for other sizes
	swift build --scratch-path $(SCRATCH) --configuration release --product smki
	Scripts/drill-nodes --smki $(SCRATCH)/release/smki $(ARGS)

drill-failover: ## three database hosts, and the primary dies in the midst of a batch (root)
	Scripts/setup --failover
	swift build --scratch-path $(SCRATCH) --configuration release --product smki
	Scripts/drill-failover --smki $(SCRATCH)/release/smki $(ARGS)

install: ## the program, its unit, manual and completions, under $(PREFIX)
	swift build --scratch-path $(SCRATCH) -c release --static-swift-stdlib --product smki
	swift build --scratch-path $(SCRATCH) -c release --static-swift-stdlib --product smki-assess
	install -D -m 0755 -t $(DESTDIR)$(PREFIX)/bin $(SCRATCH)/release/smki $(SCRATCH)/release/smki-assess
	install -D -m 0644 systemd/smki.service $(DESTDIR)/etc/systemd/system/smki.service
	install -D -m 0644 docs/smki.1 $(DESTDIR)$(PREFIX)/share/man/man1/smki.1
	install -D -m 0644 -t $(DESTDIR)$(PREFIX)/share/smki Rules/clauses.tsv docs/traceability.md
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	$(SCRATCH)/release/smki completion bash >$(DESTDIR)$(PREFIX)/share/bash-completion/completions/smki
	install -d $(DESTDIR)$(PREFIX)/share/zsh/site-functions
	$(SCRATCH)/release/smki completion zsh >$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_smki

clean: ## everything that was built; never an estate
	rm -rf $(SCRATCH)
