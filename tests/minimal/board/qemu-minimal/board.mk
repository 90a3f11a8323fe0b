# A board of the tree, TEST_BOARD, with as little as there can be: it shows what /init
# is at the least (make size), and that it works.

include $(S)/board/$(or $(TEST_BOARD),qemu-x86_64)/board.mk
