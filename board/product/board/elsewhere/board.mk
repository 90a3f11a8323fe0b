# A board whose kernel somebody else builds: Buildroot or Yocto.  They say BOARD_ARCH=
# and KERNEL_CONFIG= when they call make.

BOARD_ARCH := arm64
