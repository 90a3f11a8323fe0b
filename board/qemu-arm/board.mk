# QEMU's virt machine with 32 bits, and Debian's kernel for ARMv7.

BOARD_ARCH := arm
KERNEL_PACKAGE := linux-image-armmp
LINUX_FRAGMENT := $(S)/board/qemu-arm/linux.fragment
FIT_LOAD := 0x42000000
