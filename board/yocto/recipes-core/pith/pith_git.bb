SUMMARY = "/init for firmware: PID 1 and container runtime with the services compiled in"
DESCRIPTION = "Makes pith's initramfs: PID 1, and the roots of the services of a product."
LICENSE = "MIT"
LIC_FILES_CHKSUM = "file://LICENSE;md5=79667ee0d8486d9b80c858531fdde681"

PV = "0.1+git"

# The tree that this layer is in.  From elsewhere:
# SRC_URI = "git://HOST/pith.git;protocol=https;branch=main", its SRCREV, and no EXTERNALSRC.
inherit externalsrc
EXTERNALSRC = "${@os.path.realpath(d.getVar('PITH_LAYERDIR') + '/../..')}"
EXTERNALSRC_BUILD = "${WORKDIR}/build"
EXTERNALSRC_SYMLINKS = ""

# Its defconfig is found by PITH_DEFCONFIG; a product sets these in local.conf or an append.
PITH_EXTERNAL ?= "${EXTERNALSRC}/board/product"
PITH_BOARD ?= "elsewhere"
PITH_DEFCONFIG ?= "${PITH_EXTERNAL}/board/${PITH_BOARD}/defconfig"

inherit cml1 deploy

# The host tool's libraries, and the kconfig that pith's menus are made for
DEPENDS = "libseccomp-native lz4-native kconfig-frontends-native"

# The kernel's .config says whether it has what the services need.
do_compile[depends] += "virtual/kernel:do_shared_workdir"

COMPATIBLE_HOST = "(x86_64|aarch64|arm).*-linux-musl.*"

PITH_ARCH = "${@{'aarch64': 'arm64'}.get(d.getVar('TARGET_ARCH'), d.getVar('TARGET_ARCH'))}"

EXTRA_OEMAKE = " \
	O=${B} \
	BOARD=${PITH_BOARD} \
	BOARD_ARCH=${PITH_ARCH} \
	ARCH=${PITH_ARCH} \
	EXTERNAL=${PITH_EXTERNAL} \
	DEFCONFIG=${PITH_DEFCONFIG} \
	CROSS_COMPILE=${TARGET_PREFIX} \
	'CC=${CC}' \
	'HOSTCC=${BUILD_CC}' \
	'HOSTCFLAGS=${BUILD_CFLAGS}' \
	'HOSTLDFLAGS=${BUILD_LDFLAGS}' \
"
KCONFIG_CONFIG_COMMAND = "-C ${S} menuconfig ${EXTRA_OEMAKE}"

# A fragment of a product's append is laid over the defconfig: SRC_URI += "file://more.cfg".
do_configure() {
	unset CFLAGS CPPFLAGS CXXFLAGS LDFLAGS
	touch ${B}/.pith
	oe_runmake -C ${S} olddefconfig
	for fragment in ${@' '.join(find_cfgs(d))}; do
		cat "$fragment" >> ${B}/.config
		oe_runmake -C ${S} olddefconfig
	done
}

do_compile() {
	unset CFLAGS CPPFLAGS CXXFLAGS LDFLAGS
	oe_runmake -C ${S} KERNEL_CONFIG=${STAGING_KERNEL_BUILDDIR}/.config image
}

do_install[noexec] = "1"

do_deploy() {
	install -D -m 0644 ${B}/initramfs.cpio.gz ${DEPLOYDIR}/pith-initramfs-${MACHINE}.cpio.gz
}
addtask deploy after do_compile before do_build
