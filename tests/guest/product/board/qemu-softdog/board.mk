# The board of the run with a hardware watchdog, and a disk in a file.

include $(S)/board/$(or $(TEST_BOARD),qemu-x86_64)/board.mk
