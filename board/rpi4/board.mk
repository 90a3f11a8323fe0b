# Raspberry Pi 4 Model B, and Debian's kernel for arm64.  The tree
# of the Pi 3 is that of the nearest machine that QEMU has.

BOARD_ARCH := arm64
KERNEL_PACKAGE := linux-image-arm64
KERNEL_PACKAGE-6.12 := linux-image-6.12-arm64
DTBS := bcm2711-rpi-4-b.dtb bcm2837-rpi-3-b.dtb
FIT_LOAD := 0x08000000
