/*
 * The calls that are more than their arguments, once for all who make them.
 */
#include "sys.h"

static int result_of(long rc)
{
	return rc < 0 ? -errno : (int)rc;
}

int sys_call0(long number)
{
	return result_of(syscall(number));
}

int sys_call1(long number, long a)
{
	return result_of(syscall(number, a));
}

int sys_call2(long number, long a, long b)
{
	return result_of(syscall(number, a, b));
}

int sys_call3(long number, long a, long b, long c)
{
	return result_of(syscall(number, a, b, c));
}

int sys_call4(long number, long a, long b, long c, long d)
{
	return result_of(syscall(number, a, b, c, d));
}

int sys_call5(long number, long a, long b, long c, long d, long e)
{
	return result_of(syscall(number, a, b, c, d, e));
}

int sys_call6(long number, long a, long b, long c, long d, long e, long f)
{
	return result_of(syscall(number, a, b, c, d, e, f));
}

int sys_openat2(int dir, const char *path, uint64_t flags, uint64_t resolve)
{
	struct open_how how = { .flags = flags | O_CLOEXEC, .resolve = resolve };

	return SYS_INT(SYS_openat2, dir, path, &how, sizeof(how));
}

int sys_move_mount(int from, int to)
{
	return SYS_INT(SYS_move_mount, from, "", to, "",
		       MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

int sys_move_mount_to(int from, const char *path)
{
	return SYS_INT(SYS_move_mount, from, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH);
}

static int set_attributes(int fd, const struct mount_attr *attr)
{
	return SYS_INT(SYS_mount_setattr, fd, "", AT_EMPTY_PATH, attr, sizeof(*attr));
}

int sys_mount_setattr(int fd, uint64_t set)
{
	return set_attributes(fd, &(struct mount_attr){ 
		.attr_set = set, .propagation = MS_PRIVATE,
	});
}

int sys_mount_set_writable(int fd)
{
	return set_attributes(fd, &(struct mount_attr){ .attr_clr = MOUNT_ATTR_RDONLY });
}

int sys_mount_idmap(int fd, int userns_fd)
{
	return set_attributes(fd, &(struct mount_attr){
		.attr_set = MOUNT_ATTR_IDMAP, .userns_fd = (uint64_t)userns_fd,
	});
}
