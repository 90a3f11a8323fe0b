# QEMU's q35 machine with Debian's cloud kernels.

BOARD_ARCH := x86_64
KERNEL_PACKAGE := linux-image-cloud-amd64
KERNEL_PACKAGE-6.12 := linux-image-6.12-cloud-amd64
LINUX_FRAGMENT := $(S)/board/qemu-x86_64/linux.fragment
