# U-Boot: the FIT image, whose hashes it checks, and QEMU's own device tree.  boot.scr
# is made of this.
setenv bootargs console=ttyAMA0 quiet panic=-1
load ${devtype} ${devnum}:${distro_bootpart} ${ramdisk_addr_r} image.itb
bootm ${ramdisk_addr_r}#qemu-arm64 ${ramdisk_addr_r}#qemu-arm64 ${fdt_addr}
