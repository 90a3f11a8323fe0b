# The tests.  Programs are tests/unit/test_*.c and tests/sim/*.c, built for
# this machine; a line /* links: init/step.c ... */ in them names the sources
# that they need besides themselves.  tests/run runs the parts and counts.

TEST_CFLAGS := -std=gnu11 -D_GNU_SOURCE= -O1 -g $(WARNINGS) -I. -Iinit -I$(O) \
	-include $(O)/include/generated/autoconf.h
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

unit-programs := $(patsubst %.c,$(O)/%,$(wildcard tests/unit/test_*.c))
sim-programs := $(patsubst %.c,$(O)/%,$(wildcard tests/sim/*.c))

links = $(shell sed -n 's@^[/ ]*\* *links: \([^*]*\).*@\1@p' $(1))
# All headers, since these are compiled and linked in one go.
headers := $(wildcard init/*.h init/table/*.h netsetup/*.h cgroup/*.h tests/*/*.h)

# A program that no longer compiles must not leave the old one to be run.
build-test = rm -f $@; mkdir -p $(@D); \
	$(HOSTCC) $(TEST_CFLAGS) $(1) -o $@ $< $(call links,$<)

.SECONDEXPANSION:
$(unit-programs): $(O)/%: %.c $$(call links,%.c) $(headers) | $(O)/table.h
	$(call say,TEST,$@)$(call build-test,$(SANITIZE)) -lcmocka

$(sim-programs): $(O)/%: %.c $$(call links,%.c) $(headers) | $(O)/table.h
	$(call say,TEST,$@)$(call build-test,-O2)

# What cannot be built is counted as failed and does not keep the rest from
# being run, hence -k and the colon.
parts := unit table sim check guest
needs-unit := $(unit-programs)
needs-sim := $(sim-programs)
needs-check := image
needs-guest := image
.PHONY: test $(parts)

test: tested = $(parts)
$(parts): tested = $@
test $(parts):
	+@$(MAKE) -f board/scripts/build.mk --no-print-directory -k $(if $(Q),-s) \
		$(sort $(O)/table.h $(O)/table $(foreach part,$(tested),$(needs-$(part)))) || :
	@tests/run $(O) $(tested)

lint: $(O)/table.h
	@board/scripts/lint $(O) $(CC) $(CFLAGS)

.PHONY: lint
