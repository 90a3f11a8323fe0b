# The front door: what was asked for, relative to whose folder, in which order.
# How things are built is in board/scripts/build.mk, which is run once per goal: then
# `make setup run` works, -j or not, since nothing looks at the machine before
# setup has been through with it.  `make help` tells the rest.

S := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
ifneq ($(words x$(S)),1)
$(error make cannot work in a folder whose path has blanks: $(S))
endif

BOARD ?= qemu-x86_64
V ?= 0
PORT ?= 8080
ACCEL ?= tcg

CALLER := $(shell $(S)/board/scripts/caller-folder)
# $(call from-caller,NAME): the variable's path, absolute.  With blanks it would
# be several to make, of which each names something else.
from-caller = $(if $($(1)),$(call one-path,$(1),$(if $(filter /%,$($(1))),$($(1)),$(CALLER)/$($(1)))))
one-path = $(if $(filter 1,$(words x$(2))),$(call plain-path,$(1),$(2)),$(error $(1)=$(2): make cannot work with blanks in a path))

# What make or a shell would take for something else.
special := ' " ` & ; ( ) < > | * ? [ ] : % $$ \ !
plain-path = $(strip $(foreach c,$(special),$(if $(findstring $(c),$(2)),$(error $(1)=$(2): make cannot work with $(c) in a path)))$(abspath $(2)))

# Guests of all boards are tested, unless it is told which.
told-board := $(filter-out file,$(origin BOARD))$(KERNEL)
settings = S=$(S) BOARD=$(BOARD) OTHER_BOARDS=$(if $(told-board),,y) KERNEL=$(KERNEL) V=$(V) PORT=$(PORT) ACCEL=$(ACCEL) \
	O=$(or $(call from-caller,O),$(S)/build/$(BOARD)) \
	DEFCONFIG=$(call from-caller,DEFCONFIG) \
	EXTERNAL=$(call from-caller,EXTERNAL) \
	KEY=$(call from-caller,KEY)

goals := $(or $(MAKECMDGOALS),all)
.PHONY: $(goals)

# Each goal waits for the one that was named before it.
before :=
$(foreach goal,$(goals),\
	$(if $(filter $(goal),$(before)),,$(eval $(goal): $(lastword $(before))))\
	$(eval before += $(goal)))

# One command and no shell around it: a signal for make then reaches what runs.
$(sort $(goals)):
	+@$(MAKE) -C $(S) -f board/scripts/build.mk --no-print-directory $(settings) $@
