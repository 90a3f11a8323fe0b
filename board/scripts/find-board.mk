# Finds the board and the services' folders, here and in EXTERNAL.  Sets
# BOARD_DIR, SERVICE_DIRS, and what the board's board.mk sets:
#
#   BOARD_ARCH            x86_64, arm64 or arm
#   BOARD_CFLAGS          for the board's CPU, such as -mcpu=cortex-a7, if it needs not run on others
#   KERNEL_PACKAGE        Debian's package with the board's kernel; none if it is built elsewhere,
#                         by Buildroot or Yocto: KERNEL_CONFIG says then what it has
#   KERNEL_PACKAGE-NAME   another, which KERNEL=NAME takes
#   KERNEL_CONFIG         the kernel's .config, if it is not in its package
#   LINUX_FRAGMENT        what KERNEL=own is compiled with, besides what all boards need
#   KERNEL_SOURCE         Debian's package with its source (linux-source-6.1)
#   DTBS                  device trees of that package, which the board's boot loader is given:
#                         names of files, such as bcm2711-rpi-4-b.dtb; they come to O/dtbs/
#   FIT_LOAD              where U-Boot puts the kernel of make fit; see board/scripts/fit

trees := $(S) $(EXTERNAL)
boards := $(wildcard $(trees:%=%/board/*/board.mk))
board-name = $(notdir $(patsubst %/board.mk,%,$(1)))
SERVICE_DIRS := $(wildcard $(S)/rootfs-skel/services $(addsuffix /services,$(EXTERNAL)))

ifneq ($(EXTERNAL),)
ifeq ($(wildcard $(EXTERNAL)/services $(EXTERNAL)/board),)
$(error EXTERNAL=$(EXTERNAL): has neither services/ nor board/ in it)
endif

folders-in = $(notdir $(patsubst %/.,%,$(wildcard $(1)/*/.)))
twice := $(filter $(call folders-in,$(S)/rootfs-skel/services),$(call folders-in,$(EXTERNAL)/services)) \
	$(filter $(call folders-in,$(S)/board),$(call folders-in,$(EXTERNAL)/board))
ifneq ($(strip $(twice)),)
$(error EXTERNAL=$(EXTERNAL): pith has $(strip $(twice)) too; give it another name there)
endif
endif

BOARD_DIR := $(patsubst %/,%,$(dir $(filter %/board/$(BOARD)/board.mk,$(boards))))
ifeq ($(BOARD_DIR),)
$(error BOARD=$(BOARD): there is no such board; there are: $(sort $(call board-name,$(boards))))
endif
include $(BOARD_DIR)/board.mk

# A product has options to add, as it has modules.
KERNEL_SOURCE ?= linux-source-6.1
linux-fragments := $(S)/board/scripts/linux.fragment $(LINUX_FRAGMENT) \
	$(wildcard $(addsuffix /linux.fragment,$(EXTERNAL)))

kernels := $(patsubst KERNEL_PACKAGE-%,%,$(filter KERNEL_PACKAGE-%,$(.VARIABLES))) $(if $(LINUX_FRAGMENT),own)
ifneq ($(filter-out $(kernels),$(KERNEL)),)
$(error KERNEL=$(KERNEL): board $(BOARD) has no such kernel; besides its first there are: $(or $(sort $(kernels)),none))
endif
ifneq ($(filter-out own,$(KERNEL)),)
KERNEL_PACKAGE := $(KERNEL_PACKAGE-$(KERNEL))
endif

# It comes with its .config, and the board's is that of another.
own-kernel := $(filter own,$(KERNEL))
ifneq ($(own-kernel),)
KERNEL_PACKAGE := $(KERNEL_SOURCE)
KERNEL_CONFIG :=
endif

ifneq ($(KERNEL_CONFIG),)
ifeq ($(wildcard $(KERNEL_CONFIG)),)
$(error KERNEL_CONFIG=$(KERNEL_CONFIG): there is no such file; write it as $$(BOARD_DIR)/NAME)
endif
endif

ifneq ($(DEFCONFIG),)
ifeq ($(wildcard $(DEFCONFIG)),)
$(error DEFCONFIG=$(DEFCONFIG): there is no such file)
endif
endif
