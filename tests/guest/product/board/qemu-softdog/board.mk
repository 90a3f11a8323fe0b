# The board qemu-x86_64 with a hardware watchdog, and a disk in a file.

include $(S)/board/qemu-x86_64/board.mk
