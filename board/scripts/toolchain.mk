# The compilers, for the board and for this machine, their flags, and whether all tools are there.
# ARCH and CROSS_COMPILE are those of the kernel's build.

HOSTCC ?= cc
# In front of conf, mconf and nconf: kconfig-frontends' names, or a folder with a slash.
KCONFIG ?= kconfig-
export KCONFIG
ARCH ?= $(BOARD_ARCH)

DEBIAN_ARCH-x86_64 := amd64
DEBIAN_ARCH-arm64 := arm64
DEBIAN_ARCH-arm := armhf
DEBIAN_ARCH := $(DEBIAN_ARCH-$(ARCH))
ifeq ($(DEBIAN_ARCH),)
$(error ARCH=$(ARCH): not known; there are x86_64, arm64 and arm)
endif
ifneq ($(ARCH),$(BOARD_ARCH))
$(error ARCH=$(ARCH): board $(BOARD) is $(BOARD_ARCH); leave ARCH out, or choose a BOARD for it)
endif

# This machine's, as ARCH has it; another has to be crossed over to.
host-arch := $(shell uname -m | sed 's/^arm.*/arm/; s/^aarch64/arm64/')
TRIPLET-x86_64 := x86_64-linux-gnu
TRIPLET-arm64 := aarch64-linux-gnu
TRIPLET-arm := arm-linux-gnueabihf
TRIPLET := $(TRIPLET-$(ARCH))
ifeq ($(origin CROSS_COMPILE),undefined)
CROSS_COMPILE := $(if $(filter-out $(host-arch),$(ARCH)),$(TRIPLET)-)
endif

ifneq ($(origin CC),command line)
CC := $(CROSS_COMPILE)gcc
own-compiler := $(filter file,$(origin CROSS_COMPILE))
endif
compiler := $(firstword $(CC))
clang := $(filter clang clang-% %-clang,$(notdir $(CC)))

# Debian's tools serve to unpack its packages, the kernel's among them.
tools := $(HOSTCC) $(compiler) $(CROSS_COMPILE)strip $(CROSS_COMPILE)size readelf python3 gzip xz \
	$(KCONFIG)conf $(if $(filter menuconfig,$(MAKECMDGOALS)),$(KCONFIG)mconf) \
	$(if $(filter nconfig,$(MAKECMDGOALS)),$(KCONFIG)nconf) \
	$(if $(KERNEL_PACKAGE),apt-get dpkg-deb depmod modprobe)
# $(shell) has the environment that make was started with, not what is exported.
missing := $(shell PATH='$(PATH)'; for tool in $(tools); do command -v $$tool >/dev/null || echo $$tool; done)
ifneq ($(missing),)
$(error not installed: $(missing); run make setup)
endif

# What it makes code for.  clang is told that.
machines-x86_64 := x86_64-%
machines-arm64 := aarch64-%
machines-arm := arm-% armv7%
machine := $(shell $(CC) -dumpmachine 2>/dev/null)
ifeq ($(clang)$(filter $(machines-$(ARCH)),$(machine)),)
$(error $(CC): makes code for $(or $(machine),no machine that it could name), and board $(BOARD) is $(ARCH); \
	say CROSS_COMPILE=PREFIX- of a compiler for it)
endif

# One whose own C library is musl is taken as it is, musl's wrappers for gcc as well.  Any
# other gcc, and clang, is given musl of Debian's packages, when first it is needed: they
# may have to be fetched.
ifeq ($(findstring musl,$(machine) $(CC)),)
ifneq ($(ARCH)$(filter %hf,$(machine))$(clang)$(filter -mfloat-abi=hard,$(CC)),arm)
with-musl = $(1) $(if $(clang),--config,-specs) $(or \
	$(shell PATH='$(PATH)' PITH_CACHE='$(PITH_CACHE)' DEBIAN_ARCH=$(DEBIAN_ARCH) board/scripts/musl $(TRIPLET)),\
	$(error no musl for $(DEBIAN_ARCH); see above))/$(if $(clang),clang.cfg,gcc.specs)
given := $(CC)
override CC = $(eval override CC := $$(call with-musl,$(given)))$(CC)
else
$(error $(CC): has neither musl nor hard floats ($(machine)), and musl of Debian's packages has these)
endif
endif

WERROR ?= -Werror
WARNINGS := -Wall -Wextra $(WERROR) -Wstrict-prototypes -Wmissing-prototypes -Wshadow -Wvla

# For size, as far as the compiler can; LTO= does without link-time optimisation.
# Debian's gcc and clang need not be asked.
LTO ?= $(if $(clang),-flto,-flto=auto)
small := $(if $(own-compiler)$(clang),-Oz $(LTO),$(or \
	$(shell LTO='$(LTO)' board/scripts/compiler-flags $(or $(given),$(CC))),$(error no compiler; see above)))

# Unwind tables have no reader here, and without max-page-size an arm64 binary is padded
# to 64 KB.  The paths of this build have no place in the result: two builds in different
# folders are the same.  What .config adds is in hardening.mk.
flags-arm64 := -mno-outline-atomics
CFLAGS := -std=gnu11 -D_GNU_SOURCE= $(small) -g $(WARNINGS) -I. -iquote init -I$(O) -I$(O)/include -isystem $(O)/bearssl/include \
	-ffunction-sections -fdata-sections $(flags-$(ARCH)) $(if $(clang),-Wno-unused-command-line-argument) \
	-fno-asynchronous-unwind-tables -fno-unwind-tables \
	-ffile-prefix-map=$(O)/= -ffile-prefix-map=$(S)/= -ffile-prefix-map=$(PITH_CACHE)/=
LDFLAGS := -Wl,--gc-sections -Wl,--build-id=none -Wl,-z,max-page-size=4096

# $(call remember,FILE,TEXT): FILE is written when TEXT is another than in it,
# for rules that depend on a setting rather than on a file.
remember = $(shell mkdir -p $(dir $(1)); \
	[ "$$(cat $(1) 2>/dev/null)" = '$(strip $(2))' ] || echo '$(strip $(2))' > $(1))
