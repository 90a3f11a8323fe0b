################################################################################
#
# pith
#
################################################################################

PITH_VERSION = 0.1
PITH_SITE = $(BR2_EXTERNAL_PITH_PATH)/../..
PITH_SITE_METHOD = local
PITH_OVERRIDE_SRCDIR_RSYNC_EXCLUSIONS = --exclude /build
PITH_LICENSE = MIT
PITH_LICENSE_FILES = LICENSE
PITH_INSTALL_TARGET = NO
PITH_INSTALL_IMAGES = YES

# The kernel's .config says whether it has what the services need.  What the roots
# take from other packages has to be in TARGET_DIR first: add those packages here, in
# a product's external.mk: PITH_DEPENDENCIES += mosquitto
PITH_DEPENDENCIES = linux

# The configuration is checked by a program of pith's for this machine.
PITH_KCONFIG_DEPENDENCIES = host-libseccomp host-lz4 $(BR2_PYTHON3_HOST_DEPENDENCY)

PITH_KCONFIG_FILE = $(call qstrip,$(BR2_PACKAGE_PITH_DEFCONFIG))
PITH_KCONFIG_FRAGMENT_FILES = $(call qstrip,$(BR2_PACKAGE_PITH_FRAGMENTS))
PITH_KCONFIG_DOTCONFIG = build/.config
PITH_KCONFIG_EDITORS = menuconfig

# Their values are ARCH of Linux's build but for x86_64, which has two names there.
PITH_ARCH = $(if $(BR2_x86_64),x86_64,$(KERNEL_ARCH))

PITH_KCONFIG_OPTS = \
	O=$(PITH_DIR)/build \
	BOARD=$(call qstrip,$(BR2_PACKAGE_PITH_BOARD)) \
	BOARD_ARCH=$(PITH_ARCH) \
	ARCH=$(PITH_ARCH) \
	EXTERNAL=$(call qstrip,$(BR2_PACKAGE_PITH_EXTERNAL)) \
	CROSS_COMPILE="$(TARGET_CROSS)" \
	HOSTCFLAGS="$(HOST_CFLAGS)" \
	HOSTLDFLAGS="$(HOST_LDFLAGS)" \
	KCONFIG=$(PITH_DIR)/kconfig/

# The table's time, which is the board's earliest: BR2_REPRODUCIBLE sets SOURCE_DATE_EPOCH.
PITH_MAKE_ENV = \
	$(TARGET_MAKE_ENV) \
	TARGET_DIR=$(TARGET_DIR) \
	STAGING_DIR=$(STAGING_DIR)

# kconfig's programs as Buildroot has them for itself.  The marker says that the folder
# is for pith to build in, before the configuration is laid there.
define PITH_BUILD_KCONFIG
	mkdir -p $(@D)/build $(@D)/kconfig/lxdialog
	touch $(@D)/build/.pith
	$(MAKE) CC="$(HOSTCC_NOCCACHE)" HOSTCC="$(HOSTCC_NOCCACHE)" \
		obj=$(@D)/kconfig -C support/kconfig -f Makefile.br conf
endef
PITH_POST_RSYNC_HOOKS += PITH_BUILD_KCONFIG

# The menus need this machine's ncurses, and are made when they are asked for.
define PITH_BUILD_MENU
	$(MAKE) CC="$(HOSTCC_NOCCACHE)" HOSTCC="$(HOSTCC_NOCCACHE)" \
		obj=$(PITH_DIR)/kconfig -C support/kconfig -f Makefile.br mconf
endef
$(PITH_DIR)/.pith_menu: | pith-patch
	$(PITH_BUILD_MENU)
	$(Q)touch $@

define PITH_BUILD_CMDS
	$(PITH_MAKE_ENV) $(MAKE) -C $(@D) $(PITH_KCONFIG_OPTS) \
		HOSTCC="$(HOSTCC_NOCCACHE)" KERNEL_CONFIG=$(LINUX_DIR)/.config image
endef

define PITH_INSTALL_IMAGES_CMDS
	$(INSTALL) -D -m 0644 $(@D)/build/initramfs.cpio.gz $(BINARIES_DIR)/initramfs.cpio.gz
endef

$(eval $(kconfig-package))

$(PITH_DIR)/.kconfig_editor_menuconfig: $(PITH_DIR)/.pith_menu
