# Orange Pi PC (Allwinner H3), and Debian's kernel for ARMv7.

BOARD_ARCH := arm
KERNEL_PACKAGE := linux-image-armmp
DTBS := sun8i-h3-orangepi-pc.dtb
FIT_LOAD := 0x42000000
