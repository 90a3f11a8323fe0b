# The compilers, for the board and for this machine, their flags, and whether all tools are there.
# ARCH and CROSS_COMPILE are those of the kernel's build.

HOSTCC ?= cc
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

# musl of Debian's packages, with the kernel's headers behind its own.
musl-x86_64 = musl-gcc -idirafter /usr/include -idirafter /usr/include/x86_64-linux-gnu
musl-arm64 = $(CROSS_COMPILE)gcc -specs /usr/lib/aarch64-linux-musl/musl-gcc.specs \
	-idirafter /usr/aarch64-linux-gnu/include
musl-arm = $(CROSS_COMPILE)gcc -specs /usr/lib/arm-linux-musleabihf/musl-gcc.specs \
	-idirafter /usr/arm-linux-gnueabihf/include
ifneq ($(origin CC),command line)
CC := $(strip $(musl-$(ARCH)))
endif

WERROR ?= -Werror
WARNINGS := -Wall -Wextra $(WERROR) -Wstrict-prototypes -Wmissing-prototypes -Wshadow -Wvla

# -Os and the rest for size.  Unwind tables have no reader here, and without
# max-page-size an arm64 binary is padded to 64 KB.  The paths of this build
# have no place in the result: two builds in different folders are the same.
CFLAGS := -std=gnu11 -D_GNU_SOURCE= -Os -g $(WARNINGS) -I. -iquote init -I$(O) -I$(O)/include \
	-fno-pie -ffunction-sections -fdata-sections \
	-fno-asynchronous-unwind-tables -fno-unwind-tables \
	-ffile-prefix-map=$(O)/= -ffile-prefix-map=$(S)/=
LDFLAGS := -static -no-pie -Wl,--gc-sections -Wl,--build-id=none \
	-Wl,-z,max-page-size=4096 -Wl,-z,noseparate-code

# $(call remember,FILE,TEXT): FILE is written when TEXT is another than in it,
# for rules that depend on a setting rather than on a file.
remember = $(shell mkdir -p $(dir $(1)); \
	[ "$$(cat $(1) 2>/dev/null)" = '$(strip $(2))' ] || echo '$(strip $(2))' > $(1))

tools := $(HOSTCC) $(firstword $(CC)) $(CROSS_COMPILE)strip $(CROSS_COMPILE)size readelf python3 \
	kconfig-conf kconfig-mconf kconfig-nconf apt-get dpkg-deb depmod modprobe gzip xz
# $(shell) has the environment that make was started with, not what is exported.
missing := $(shell PATH='$(PATH)'; for tool in $(tools); do command -v $$tool >/dev/null || echo $$tool; done)
ifneq ($(missing),)
$(error not installed: $(missing); run make setup)
endif
