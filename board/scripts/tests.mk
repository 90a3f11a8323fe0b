# The tests.  Programs are tests/unit/test_*.c and tests/sim/*.c, built for
# this machine; a line /* links: init/step.c ... */ in them names the sources
# that they need besides themselves, and /* libraries: -lz ... */ the libraries.
# tests/run runs the parts and counts.

TEST_CFLAGS := -std=gnu11 -D_GNU_SOURCE= -O1 -g $(WARNINGS) -I. -iquote init -iquote tests/unit -I$(O)/include \
	-isystem $(O)/tests/bearssl/include -L$(O)/tests/bearssl -include $(O)/include/generated/autoconf.h
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

unit-programs := $(patsubst %.c,$(O)/%,$(wildcard tests/unit/test_*.c))
sim-programs := $(patsubst %.c,$(O)/%,$(wildcard tests/sim/*.c))

links = $(shell sed -n 's@^[/ ]*\* *links: \([^*]*\).*@\1@p' $(1))
libraries = $(shell sed -n 's@^[/ ]*\* *libraries: \([^*]*\).*@\1@p' $(1))
# All headers, since these are compiled and linked in one go.
headers := $(wildcard init/*.h init/client/*.h init/table/*.h netsetup/*.h cgroup/*.h tests/*/*.h)

# A program that no longer compiles must not leave the old one to be run.
build-test = rm -f $@; mkdir -p $(@D); \
	$(HOSTCC) $(TEST_CFLAGS) $(1) -o $@ $< $(call links,$<) $(call libraries,$<)

.SECONDEXPANSION:
needs-bearssl = $(if $(findstring -lbearssl,$(call libraries,$(1))),$(O)/tests/bearssl/libbearssl.a)

# As /init has it, for this machine
$(O)/tests/bearssl/libbearssl.a: board/scripts/bearssl
	$(call say,BEARSSL,$@)board/scripts/bearssl $(@D) $(HOSTCC) -O1 -g

$(unit-programs): $(O)/%: %.c $$(call links,%.c) $(headers) $(calls) $$(call needs-bearssl,%.c)
	$(call say,TEST,$@)$(call build-test,$(SANITIZE)) -lcmocka

$(sim-programs): $(O)/%: %.c $$(call links,%.c) $(headers)
	$(call say,TEST,$@)$(call build-test,-O2)

# For as long as one likes, by clang's libFuzzer.  What it found stays in the corpus.
FUZZ_CC ?= clang-14
FUZZ_S ?= 60
fuzz-programs := $(patsubst %.c,$(O)/%,$(wildcard tests/fuzz/fuzz_*.c))

$(fuzz-programs): $(O)/%: %.c $$(call links,%.c) $(headers) $(calls) $$(call needs-bearssl,%.c)
	$(call say,FUZZ,$@)rm -f $@; mkdir -p $(@D); $(FUZZ_CC) $(TEST_CFLAGS) \
		-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -o $@ $< $(call links,$<) $(call libraries,$<)

fuzz: $(fuzz-programs)
	$(Q)for program in $^; do mkdir -p $$program.corpus; { \
		$$program -max_total_time=$(FUZZ_S) -max_len=4096 -timeout=10 -verbosity=0 \
			-dict=tests/fuzz/$${program##*/}.dict \
			-artifact_prefix=$$program.found- $$program.corpus > $$program.log 2>&1 && \
			echo "$${program##*/}: nothing found" || \
			{ tail -n 40 $$program.log; touch $$program.failed; }; } & done; \
		echo "$(FUZZ_S) s; what they do is in $(O:$(CURDIR)/%=%)/tests/fuzz/*.log"; wait; \
		for program in $^; do ! rm $$program.failed 2> /dev/null || found=1; done; [ ! "$$found" ]
.PHONY: fuzz

# What cannot be built is counted as failed, by tests/run, and does not keep the
# rest from being run: hence -k, and the status in a file.
parts := unit table sim check guest
needs-unit := $(unit-programs)
needs-sim := $(sim-programs)
needs-table := $(O)/table
needs-check := image sbom
needs-guest := image
.PHONY: test $(parts)

test: tested = $(parts)
$(parts): tested = $@
test $(parts):
	+@mkdir -p $(O)/tests; $(MAKE) -f board/scripts/build.mk --no-print-directory -k $(if $(Q),-s) \
		$(sort $(foreach part,$(tested),$(needs-$(part)))); echo $$? > $(O)/tests/built
	@BUILT=$$(cat $(O)/tests/built) tests/run $(O) $(tested)

# Not a part of the tests: it takes a quarter of an hour.  MUTANTS=PATTERN takes some of them.
mutants: image
	@tests/mutants/run --out $(O)/mutants --only '$(MUTANTS)'

.PHONY: mutants

# Nor this: a cut takes some seconds.  A run that was ended goes on, with the same seed.
powercut:
	@tests/powercut --out $(O)/tests/powercut --cuts $(or $(CUTS),200) --board $(BOARD) \
		$(if $(SEED),--seed '$(SEED)') $(if $(KERNEL),--kernel $(KERNEL))

.PHONY: powercut

# Nor this: all tables take an hour or more.
bench:
	@tests/bench/run --out $(O)/bench --board $(BOARD) $(if $(KERNEL),--kernel $(KERNEL)) \
		$(if $(TABLES),--only $(TABLES)) $(if $(RUNS),--runs '$(RUNS)') $(if $(WRITE),--write)

bench-setup:
	@board/scripts/setup tests/bench/packages

.PHONY: bench bench-setup

# What tests/checks/boards leaves out of the tests: guests of all boards, and by U-Boot.
boards:
	@tests/checks/boards $(O) all

.PHONY: boards

lint: $(O)/table.h $(calls) $(bearssl)
	@board/scripts/lint $(O) $(CC) $(CFLAGS)

.PHONY: lint
