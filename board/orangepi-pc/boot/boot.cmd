# U-Boot: the FIT image, whose hashes it checks.  boot.scr is made of this.
setenv bootargs console=ttyS0,115200 quiet panic=-1
load ${devtype} ${devnum}:${distro_bootpart} ${ramdisk_addr_r} image.itb
bootm ${ramdisk_addr_r}#sun8i-h3-orangepi-pc.dtb
