# U-Boot, if config.txt has kernel=u-boot.bin: the FIT image, whose hashes it checks.
# boot.scr is made of this.
setenv bootargs console=ttyS1,115200 cgroup_enable=memory quiet panic=-1
load ${devtype} ${devnum}:${distro_bootpart} ${ramdisk_addr_r} image.itb
bootm ${ramdisk_addr_r}#bcm2711-rpi-4-b.dtb
