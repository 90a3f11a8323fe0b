# QEMU's virt machine with Debian's cloud kernels for arm64.

BOARD_ARCH := arm64
KERNEL_PACKAGE := linux-image-cloud-arm64
KERNEL_PACKAGE-6.12 := linux-image-6.12-cloud-arm64
LINUX_FRAGMENT := $(S)/board/qemu-arm64/linux.fragment
FIT_LOAD := 0x48000000
