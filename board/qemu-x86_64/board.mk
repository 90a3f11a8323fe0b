# QEMU's q35 machine with Debian's cloud kernel.

BOARD_ARCH := x86_64
KERNEL_PACKAGE := linux-image-cloud-amd64
