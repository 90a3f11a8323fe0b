# Finds the board and the services' folders, here and in EXTERNAL.  Sets
# BOARD_DIR, what its board.mk sets (BOARD_ARCH, KERNEL_PACKAGE, and KERNEL_CONFIG if the
# kernel's own .config is not in its package), SERVICE_DIRS.

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
