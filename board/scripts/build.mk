# Builds one goal.  The Makefile above has made everything absolute: S (this
# tree, also the working directory), O (results), DEFCONFIG, EXTERNAL; BOARD,
# V, PORT and ACCEL are set.
#
# In order: the host tool (O/table), .config and what is derived from it
# (O/config.mk), the services' roots, the kernel and its modules, table.c, init
# and the image.  O/config.mk is included below: make first brings it up to
# date and then reads it, so all rules may use what .config says.

MAKEFLAGS += -rR
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: FORCE
FORCE:

export PITH_CACHE := $(abspath $(or $(PITH_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/pith))
# mkrootfs scripts find debian-root in bin/; depmod is not in every user's PATH.
export PATH := $(S)/board/scripts/bin:$(PATH):/usr/sbin:/sbin
export V

Q := $(if $(filter 1,$(V)),,@)
# $(call say,WHAT,FILE): a line instead of the command, unless V=1
say = $(if $(Q),@printf '  %-8s%s\n' $(1) $(2:$(O)/%=%);)
# $(call refuse,TEXT): ends it all, if there is a text
refuse = $(if $(strip $(1)),$(error $(1)))

# Goals that need neither a board nor a tool
ifeq ($(filter-out help setup clean size,$(MAKECMDGOALS)),)

help:
	@cat board/scripts/help

setup:
	$(Q)board/scripts/setup

# Only what was made here: .config stays, and what somebody laid beside it.  A
# service's root may have folders that even their owner may not write.
ifneq ($(filter clean,$(MAKECMDGOALS)),)
$(call refuse,$(shell board/scripts/own-folder $(S) $(O) clean))
endif
clean:
	$(call say,CLEAN,$(O))find $(O)/roots $(O)/images $(O)/tests $(O)/bench -type d ! -perm -700 \
		-exec chmod u+rwx {} \; 2>/dev/null; \
		rm -rf $(addprefix $(O)/,init init.debug initramfs.cpio.gz \
		vmlinuz dtbs image.itb fit.key sdcard.img table table.c table.h table.stamp image.plan config.mk \
		services.kconfig services.oci modules.list modules.steps kernel.config kernel.key kernel.time kernel.origins epoch lint.log *.new \
		tell tell.flags \
		init.map sbom.spdx.json \
		keys.list release release.key release.tar factory factory.key images modules.table bearssl fsck fsck.key fsck.origins host include kernel modules obj roots tests learn size bench)
	@[ "$$(ls -A $(O) 2>/dev/null)" != .pith ] || rm -r $(O)

# Of all architectures, whichever BOARD is
ifneq ($(filter size,$(MAKECMDGOALS)),)
$(call refuse,$(shell board/scripts/own-folder $(S) $(O) make))
endif
size:
	+@board/scripts/size-table $(MAKE) $(S) $(O)

.PHONY: help setup clean size

else

include board/scripts/find-board.mk
include board/scripts/toolchain.mk
$(call refuse,$(shell board/scripts/own-folder $(S) $(O) make))

# --- The host tool ----------------------------------------------------------

HOST_CFLAGS := -std=gnu11 -D_GNU_SOURCE= -O1 -g $(WARNINGS) -I. -Iinit
table-sources := $(wildcard init/table/*.c) netsetup/nlmsg.c \
	$(filter-out netsetup/nft_read%,$(wildcard netsetup/nft*.c))
table-objects := $(table-sources:%.c=$(O)/host/%.o)

$(call remember,$(O)/host/flags,$(HOSTCC) $(HOST_CFLAGS) $(HOSTCFLAGS) $(HOSTLDFLAGS))
$(call remember,$(O)/host/sources,$(table-sources))

$(O)/host/%.o: %.c $(O)/host/flags
	@mkdir -p $(@D)
	$(call say,HOSTCC,$@)$(HOSTCC) $(HOST_CFLAGS) $(HOSTCFLAGS) -MMD -MP -c -o $@ $<

# It includes the text of the template, which gcc's -MMD does not see.
$(O)/host/init/table/menu.o: init/table/service.kconfig.in

# A source that goes is no prerequisite any more: the list of them is.
$(O)/table: $(table-objects) $(O)/host/sources
	$(call say,HOSTLD,$@)$(HOSTCC) $(HOSTLDFLAGS) -o $@ $(table-objects) -llz4 -lseccomp

# --- .config ----------------------------------------------------------------

export S O BOARD_DIR DEFCONFIG EXTERNAL SERVICE_DIRS

$(O)/config.mk: $(O)/table FORCE
	$(Q)board/scripts/dotconfig sync

# These make .config themselves, or mend it.
config-goals := defconfig olddefconfig menuconfig nconfig savedefconfig
.PHONY: $(config-goals)
$(config-goals): $(O)/table
	$(Q)board/scripts/dotconfig $@

# Into the cache and no further: what O has is for make image KERNEL=own to say.
export ARCH CROSS_COMPILE
compile-kernel = board/scripts/own-kernel $(KERNEL_SOURCE) $(linux-fragments)
kernel:
	$(call refuse,$(if $(LINUX_FRAGMENT),,BOARD=$(BOARD): has no LINUX_FRAGMENT in its board.mk))
	@own=$$($(compile-kernel)) && wc -c "$$own"/boot/vmlinuz-*
.PHONY: kernel

ifeq ($(filter $(config-goals) kernel,$(MAKECMDGOALS)),)

include $(O)/config.mk
include board/scripts/hardening.mk

# --- The kernel and the services' roots --------------------------------------

export ARCH DEBIAN_ARCH CC CROSS_COMPILE

# A product has modules to add to a board that is not its own.
module-lists := $(BOARD_DIR)/modules $(wildcard $(addsuffix /modules,$(EXTERNAL)))

# Those that only a table with images needs
image-modules := $(if $(IMAGES),loop $(CONFIG_IMAGE_FS) $(if $(PARTITIONS)$(filter verity,$(CONFIG_IMAGE_CHECK)),dm-verity))

$(call remember,$(O)/kernel.key,$(DEBIAN_ARCH) $(KERNEL_PACKAGE) $(module-lists) $(KERNEL_CONFIG) $(DTBS) $(image-modules) \
	$(if $(own-kernel),$(CROSS_COMPILE) $(linux-fragments)))
dtbs := $(DTBS:%=$(O)/dtbs/%)
$(if $(KERNEL_PACKAGE),$(O)/vmlinuz) $(O)/modules.list $(O)/kernel.config $(O)/kernel.time $(O)/kernel.origins $(dtbs) &: \
		$(O)/kernel.key $(module-lists) \
		$(KERNEL_CONFIG) board/scripts/kernel $(if $(own-kernel),$(linux-fragments) board/scripts/own-kernel)
	$(call refuse,$(if $(KERNEL_PACKAGE)$(KERNEL_CONFIG),,BOARD=$(BOARD): has no KERNEL_PACKAGE in its board.mk; \
		say which kernel it has: KERNEL_CONFIG=FILE))
	$(call say,KERNEL,$(or $(KERNEL_PACKAGE),$(KERNEL_CONFIG)))$(if $(own-kernel),OWN=$$($(compile-kernel)) || exit; export OWN; )\
		KERNEL_CONFIG=$(KERNEL_CONFIG) DTBS='$(DTBS)' MODULES='$(image-modules)' \
		board/scripts/kernel '$(KERNEL_PACKAGE)' $(O) $(module-lists)

# Where IMAGE_KEYS are, unless they are absolute
keys-folder := $(patsubst %/,%,$(dir $(or $(DEFCONFIG),$(BOARD_DIR)/defconfig)))

# What helpers from elsewhere run in their services to tell PID 1 (init/tell/).
tell-sources := $(wildcard init/tell/*.c)
$(call remember,$(O)/tell.flags,$(CC) $(CFLAGS) $(LDFLAGS) $(tell-sources))
$(O)/tell: $(tell-sources) $(wildcard init/tell/*.h) init/lease.h $(O)/tell.flags
	$(call say,TELL,$@)$(CC) $(CFLAGS) $(LDFLAGS) -s -o $@ $(tell-sources)
	@chmod 755 $@ # It is copied with its mode, whatever the umask here.

export TELL := $(O)/tell

roots := $(SERVICES:%=$(O)/roots/%.key)
$(roots): $(O)/roots/%.key: $(O)/tell FORCE
	$(Q)board/scripts/service-root $(folder-$*) $(@:.key=)

# --- /init --------------------------------------------------------------------

# What BearSSL does is there only where services have images.
of-bearssl := init/digest.c init/signature.c
obj-y := $(filter-out $(if $(IMAGES),,$(of-bearssl)),$(wildcard init/*.c init/client/*.c netsetup/*.c cgroup/*.c))

# The names of the system calls, for what is told of a refused one.
calls := $(O)/include/generated/calls.h
$(calls): board/scripts/call-names $(O)/obj/flags
	@mkdir -p $(@D)
	$(call say,CALLS,$@)board/scripts/call-names $(CC) > $@
$(O)/obj/init/finding_name.o: $(calls)

objects := $(obj-y:%.c=$(O)/obj/%.o) $(O)/obj/table.o
compile = $(CC) $(CFLAGS) -include $(O)/include/generated/autoconf.h -MMD -MP -c -o $@ $<

# The host tool leaves a file that would not change as it is; the stamp says
# when it was last asked.  It is no excuse if one of the files is gone.
#
# The board's clock starts no earlier than this build, as far as two builds of the same
# can agree on when that is: SOURCE_DATE_EPOCH (reproducible-builds.org), or else
# the time of the newest thing with one of its own, the kernel's package.
generated := $(O)/table.c $(O)/table.h $(O)/image.plan
$(O)/keys.list: $(O)/config.mk board/scripts/trusted-keys FORCE
	$(Q)DEVELOPMENT=$(O)/keys/development.pem board/scripts/trusted-keys $(keys-folder) $(IMAGE_KEYS) > $@.new && \
		if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(call remember,$(O)/epoch,told: $(SOURCE_DATE_EPOCH))
$(O)/table.stamp: $(O)/table $(O)/.config $(O)/modules.list $(O)/kernel.config $(O)/kernel.time \
		$(O)/epoch $(O)/keys.list $(roots) \
		$(if $(filter-out $(wildcard $(generated)),$(generated)),FORCE)
	$(call say,TABLE,$(O)/table.c)$(O)/table generate --arch $(ARCH) --config $(O)/.config \
		$(SERVICE_DIRS:%=--services %) --roots $(O)/roots --modules $(O)/modules.list \
		--kernel-config $(O)/kernel.config --board $(BOARD) --keys $(O)/keys.list --out $(O) \
		--time "$${SOURCE_DATE_EPOCH:-$$(cat $(O)/kernel.time)}"
	@touch $@

$(generated): $(O)/table.stamp
	@:

$(call remember,$(O)/obj/flags,$(CC) $(CFLAGS) $(LDFLAGS))
$(call remember,$(O)/obj/sources,$(sort $(obj-y)))
$(objects): $(O)/obj/flags | $(O)/table.h

$(O)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$@)$(compile)

$(O)/obj/table.o: $(O)/table.c
	$(call say,CC,$@)$(compile)

# Compiled as /init is, but for what is about its own text, its warnings and the link.
bearssl := $(O)/bearssl/libbearssl.a
$(bearssl): board/scripts/bearssl $(O)/obj/flags
	$(call say,BEARSSL,$@)AR=$(CROSS_COMPILE)ar board/scripts/bearssl $(@D) $(CC) \
		$(filter-out -iquote init -I% -isystem $(O)/% -D% -W% -flto% -ffile-prefix-map%,$(CFLAGS))
$(of-bearssl:%.c=$(O)/obj/%.o): $(bearssl)

# What gcc sees only here depends on what a product has in its table: no product
# is refused for it.
$(O)/init.debug $(O)/init.map &: $(objects) $(O)/obj/sources $(if $(IMAGES),$(bearssl))
	$(call say,LD,$(O)/init.debug)$(CC) $(CFLAGS) $(LDFLAGS) -Wl,-Map=$(O)/init.map \
		-Wno-error -o $(O)/init.debug $(sort $(objects)) $(if $(IMAGES),$(bearssl))

$(O)/init: $(O)/init.debug
	$(call say,STRIP,$@)$(CROSS_COMPILE)strip -s -o $@ $<

# --- The fsck of the data partition ------------------------------------------------

# Of e2fsck the static build is the smaller one by far: 1.9 MB, against 3.4 MB with
# its libraries.  Of fsck.f2fs there is none.
fsck-ext4 := e2fsck-static -- /sbin/e2fsck.static
fsck-f2fs := f2fs-tools -- /sbin/fsck.f2fs
fsck := $(if $(CONFIG_DATA),$(fsck-$(CONFIG_DATA_TYPE)))

# The node of the partition is laid over dev at run time.
$(call remember,$(O)/fsck.key,$(DEBIAN_ARCH) $(fsck))
$(O)/fsck/dev: $(O)/fsck.key board/scripts/bin/debian-root
	$(call say,FSCK,$(O)/fsck)rm -rf $(O)/fsck $(O)/fsck.origins; \
		ORIGINS=$(O)/fsck.origins debian-root $(O)/fsck $(fsck)
	@mkdir -m 755 $@

# --- The release of images --------------------------------------------------------

# That of the firmware, O/factory, is another one than that of `make bundle`, O/release: what
# was released last is not for the initramfs to change by.
#
# KEY signs them, unless it is for a boot loader's image here (below).
fit-key := $(filter fit sdcard,$(MAKECMDGOALS))
release-key := $(if $(fit-key),,$(KEY))
# $(call sign,FOLDER).  Whoever takes a release signs it again: a manifest.sig that somebody
# laid there is looked at by then, at the latest.
sign = SIGNING_KEY='$(release-key)' PRODUCTION='$(CONFIG_PRODUCTION)' \
	HOW='$(if $(fit-key),run make image KEY=FILE first (KEY of make $(fit-key) signs what the boot loader reads))' \
	board/scripts/sign-release $(1) $(keys-folder) $(IMAGE_KEYS)

# What is told of the one is not about the other.
$(call remember,$(if $(filter bundle,$(MAKECMDGOALS)),$(O)/release.key,$(O)/factory.key),serial: $(SERIAL))
releases := $(O)/release/manifest.sig $(O)/factory/manifest.sig
$(releases): $(O)/%/manifest.sig: $(O)/image.plan $(O)/keys.list $(O)/%.key $(roots) board/scripts/release \
		board/scripts/sign-release board/scripts/tree.py board/scripts/owners.py
	$(Q)rm -f $(if $(filter release,$*),$(O)/release.tar)
	$(Q)board/scripts/release build --plan $(O)/image.plan --roots $(O)/roots --images $(O)/images \
		--serial '$(SERIAL)' $(@D)
	$(Q)$(call sign,$(@D))
	@touch $@

$(O)/release.tar: $(O)/release/manifest.sig
	$(Q)rm -f $@ && $(call sign,$(O)/release)
	$(call say,BUNDLE,$@)board/scripts/release pack $(O)/release $@

bundle: $(O)/release.tar

keys:
	@board/scripts/development-keys $(O)/keys

.PHONY: bundle keys

factory := $(if $(IMAGES),$(if $(CONFIG_FACTORY),$(O)/factory/manifest.sig))

# --- The image ------------------------------------------------------------------

busybox = "$$(debian-root --tree --only busybox-static busybox-static)" \
	"$$(DEBIAN_ARCH= debian-root --tree --only busybox-static busybox-static)"

$(O)/initramfs.cpio.gz: $(O)/init $(O)/image.plan $(O)/modules.list $(roots) \
		rootfs-skel/image.list board/scripts/image board/scripts/tree.py board/scripts/owners.py \
		$(O)/config.mk $(if $(fsck),$(O)/fsck/dev) $(factory)
	$(if $(factory),$(Q)$(call sign,$(O)/factory))
	$(call say,IMAGE,$@)board/scripts/image --init $(O)/init --list rootfs-skel/image.list \
		--plan $(O)/image.plan --roots $(O)/roots --modules $(O)/modules \
		$(if $(CONFIG_DEBUG_SHELL)$(CONFIG_TOOLBOX),--busybox $(busybox)) \
		$(if $(fsck),--fsck $(O)/fsck) $(if $(factory),--release $(O)/factory) $@

# The compiler and its flags, a line each, for who compiles without make.
flags:
	@echo '$(CC)'; echo '$(CFLAGS)'; echo '$(LDFLAGS)'
.PHONY: flags

image: $(O)/init $(O)/initramfs.cpio.gz $(if $(KERNEL_PACKAGE),$(O)/vmlinuz) $(dtbs)
	@board/scripts/sizes $(CROSS_COMPILE)size $(O)

# --- For boot loaders --------------------------------------------------------------

$(call remember,$(O)/fit.key,$(BOARD) $(FIT_LOAD) $(DTBS) $(KEY) time: $(SOURCE_DATE_EPOCH))
$(O)/image.itb: $(O)/vmlinuz $(O)/initramfs.cpio.gz $(dtbs) $(O)/fit.key $(KEY) board/scripts/fit
	$(call say,FIT,$@)KEY='$(KEY)' board/scripts/fit $(O) $(BOARD) $(ARCH) '$(FIT_LOAD)' $(DTBS)

boot-files := $(shell find $(BOARD_DIR)/boot -type f 2>/dev/null)
$(O)/sdcard.img: $(O)/image.itb $(O)/.config $(boot-files) board/scripts/sdcard
	$(call say,SDCARD,$@)board/scripts/sdcard $(O) $(BOARD_DIR)/boot

fit: $(O)/image.itb
sdcard: $(O)/sdcard.img

.PHONY: fit sdcard

all: image

# /init alone, and where its bytes are
init: $(O)/init
bytes: $(O)/init
	@board/scripts/bytes "$(CROSS_COMPILE)" $(O)


# What is in the image: packages, versions, licences, hashes.  init.map names the
# libraries that are linked in.
sbom: image
	$(call say,SBOM,$(O)/sbom.spdx.json)board/scripts/sbom --board $(BOARD) --out $(O) \
		--time "$${SOURCE_DATE_EPOCH:-$$(cat $(O)/kernel.time)}"

run: image
	@board/scripts/run $(BOARD_DIR)/qemu $(O)

# SERVICE, LEARN_S and LEARN_RUN are in the environment, as all that make was told;
# a $ in a command is the shell's and not make's.
learn: override export LEARN_RUN := $(value LEARN_RUN)
learn:
	+@SERVICES="$(SERVICES)" board/scripts/learn $(MAKE)

.PHONY: all image init bytes sbom run learn

include board/scripts/tests.mk

endif # config-goals

-include $(shell find $(O)/host $(O)/obj $(O)/tests -name '*.d' 2>/dev/null)

endif # help, setup, clean, size
