/*
 * What the kernel must have, and for what.  Decides only which of the kernel's
 * options stands behind which of pith's; a new one is a new row.
 */
#include "gate.h"

#include "../service.h"

static bool always(const struct service_spec *service)
{
	(void)service;
	return true;
}

static bool has_user_namespace(const struct service_spec *service)
{
	return service->userns;
}

static bool has_own_network(const struct service_spec *service)
{
	return service->net != SERVICE_NET_HOST;
}

static bool is_on_bridge(const struct service_spec *service)
{
	return service->net == SERVICE_NET_PRIVATE;
}

static bool is_writable(const struct service_spec *service)
{
	return service->writable;
}

static bool has_cpu_max(const struct service_spec *service)
{
	return service->cpu_max;
}

static bool has_cpu_weight(const struct service_spec *service)
{
	return service->cpu_weight;
}

static bool has_cpuset(const struct service_spec *service)
{
	return service->cpuset;
}

static bool has_io_max(const struct service_spec *service)
{
	return service->io_max.count;
}

static bool has_io_weight(const struct service_spec *service)
{
	return service->io_weight;
}

static bool is_shed(const struct service_spec *service)
{
	return service->shed;
}

static bool has_filter(const struct service_spec *service)
{
	return service->seccomp != SERVICE_SECCOMP_NONE;
}

static bool only_logs(const struct service_spec *service)
{
	return service->seccomp_log;
}

static bool every_board(const struct board_spec *own)
{
	(void)own;
	return true;
}

static bool has_modules(const struct board_spec *own)
{
	return own->modules.count;
}

static bool has_uplink(const struct board_spec *own)
{
	return own->uplink_count;
}

static bool has_vlan(const struct board_spec *own)
{
	for (size_t i = 0; i < own->uplink_count; i++)
		if (own->uplinks[i].vlan)
			return true;
	return false;
}

static bool has_dhcp(const struct board_spec *own)
{
	for (size_t i = 0; i < own->uplink_count; i++)
		if (own->uplinks[i].dhcp)
			return true;
	return false;
}

/* In the order of DATA_TYPE's words. */
static bool has_ext4(const struct board_spec *own)
{
	return *own->data_label && own->data_type == 0;
}

static bool has_f2fs(const struct board_spec *own)
{
	return *own->data_label && own->data_type == 1;
}

static bool has_watchdog(const struct board_spec *own)
{
	return own->watchdog_timeout_s;
}

static bool copies_to_kmsg(const struct board_spec *own)
{
	return own->log_kmsg;
}

static bool has_images(const struct board_spec *own)
{
	return own->has_images;
}

/* In the order of IMAGE_FS's words. */
static bool has_erofs(const struct board_spec *own)
{
	return own->has_images && own->image_type == 0;
}

static bool has_squashfs(const struct board_spec *own)
{
	return own->has_images && own->image_type == 1;
}

static bool has_verity_files(const struct board_spec *own)
{
	return own->has_images && own->image_check == IMAGE_CHECK_VERITY && !own->has_partitions;
}

static bool has_partitions(const struct board_spec *own)
{
	return own->has_partitions;
}

static bool has_verity(const struct board_spec *own)
{
	return has_verity_files(own) || has_partitions(own);
}

#define FIREWALL(kernel, module, ...) \
	{ kernel, module, .service = is_on_bridge, .board = has_uplink, \
	  .otherwise = "the firewall is made of it", ##__VA_ARGS__ }

const struct gate_row gate_rows[] = {
	/* What PID 1 itself lives on */
	{ "BLK_DEV_INITRD", .board = every_board, .otherwise = "pith is /init of an initramfs" },
	{ "RD_GZIP", .board = every_board, .otherwise = "the image is packed with it" },
	{ "BINFMT_ELF", .board = every_board, .otherwise = "/init is an ELF file" },
	{ "MULTIUSER", .board = every_board, .otherwise = "services run as users of their own" },
	{ "PROC_FS", .board = every_board, .otherwise = "PID 1 mounts it" },
	{ "PROC_SYSCTL", .board = every_board, .otherwise = "PID 1 sets some" },
	{ "SYSFS", .board = every_board, .otherwise = "PID 1 mounts it" },
	{ "DEVTMPFS", .board = every_board, .otherwise = "PID 1 mounts it" },
	{ "TMPFS", .board = every_board, .otherwise = "PID 1 mounts one on /run" },
	{ "SHMEM", .board = every_board, .otherwise = "PID 1's state and the logs lie there" },
	{ "MEMFD_CREATE", .board = every_board,
	  .otherwise = "PID 1's state and the logs lie there" },
	{ "EPOLL", .board = every_board, .otherwise = "PID 1 waits by it" },
	{ "SIGNALFD", .board = every_board, .otherwise = "PID 1 takes its signals from one" },
	{ "UNIX", "unix", .board = every_board, .otherwise = "`pith` speaks to PID 1 over one" },
	{ "CGROUPS", .board = every_board, .otherwise = "every service has one" },
	{ "MODULES", .board = has_modules, .otherwise = "the board's file modules names some" },

	/* Every service's view */
	{ "PID_NS", .service = always, .otherwise = "every service has one of its own" },
	{ "UTS_NS", .service = always, .otherwise = "every service has one of its own" },
	{ "IPC_NS", .service = always, .otherwise = "every service has one of its own" },
	{ "UNIX98_PTYS", .service = always, .otherwise = "every service has its own /dev/pts" },
	{ "POSIX_MQUEUE", .service = always, .otherwise = "every service has its own /dev/mqueue" },
	{ "BPF_SYSCALL", .service = always,
	  .otherwise = "a program decides which devices a service may open" },
	{ "CGROUP_BPF", .service = always,
	  .otherwise = "a program decides which devices a service may open" },

	/* What the options ask for */
	{ "USER_NS", .service = has_user_namespace, .option = "USERNS" },
	{ "NET_NS", .service = has_own_network, .option = "NET", .otherwise = "write \"host\"" },
	{ "INET", .service = is_on_bridge, .option = "NET", .otherwise = "write \"none\"" },
	{ "VETH", "veth", .service = is_on_bridge, .option = "NET",
	  .otherwise = "write \"none\" or \"host\"" },
	{ "BRIDGE", "bridge", .service = is_on_bridge, .option = "NET",
	  .otherwise = "write \"none\" or \"host\"" },
	{ "OVERLAY_FS", "overlay", .service = is_writable, .option = "WRITABLE",
	  .otherwise = "leave it empty" },
	{ "TMPFS_XATTR", .service = is_writable, .option = "WRITABLE",
	  .otherwise = "leave it empty" },
	{ "MEMCG", .service = always, .option = "MEMORY_MAX" },
	{ "CGROUP_PIDS", .service = always, .option = "PIDS_MAX" },
	{ "CFS_BANDWIDTH", .service = has_cpu_max, .option = "CPU_MAX",
	  .otherwise = "leave it empty" },
	{ "FAIR_GROUP_SCHED", .service = has_cpu_weight, .option = "CPU_WEIGHT",
	  .otherwise = "write 0" },
	{ "CPUSETS", .service = has_cpuset, .option = "CPUSET", .otherwise = "leave it empty" },
	{ "BLK_DEV_THROTTLING", .service = has_io_max, .option = "IO_MAX",
	  .otherwise = "leave it empty" },
	{ "BLK_CGROUP_IOCOST", .service = has_io_weight, .option = "IO_WEIGHT",
	  .otherwise = "write 0" },
	{ "PSI", .service = is_shed, .option = "SHED", .otherwise = "write 0" },
	{ "SECCOMP_FILTER", .service = has_filter, .option = "SECCOMP",
	  .otherwise = "write \"none\"" },
	{ "AUDITSYSCALL", .service = only_logs, .option = "SECCOMP_LOG",
	  .otherwise = "write n: nothing would be logged" },

	/* Control files by their names */
	{ "SWAP", .file = "memory.swap.", .option = "CGROUP", .otherwise = "leave it out" },
	{ "ZSWAP", .file = "memory.zswap.", .option = "CGROUP", .otherwise = "leave it out" },
	{ "FAIR_GROUP_SCHED", .file = "cpu.", .option = "CGROUP", .otherwise = "leave it out" },
	{ "CFS_BANDWIDTH", .file = "cpu.max.", .option = "CGROUP", .otherwise = "leave it out" },
	{ "UCLAMP_TASK_GROUP", .file = "cpu.uclamp.", .option = "CGROUP",
	  .otherwise = "leave it out" },
	{ "CPUSETS", .file = "cpuset.", .option = "CGROUP", .otherwise = "leave it out" },
	{ "BLK_CGROUP_IOLATENCY", .file = "io.latency", .option = "CGROUP",
	  .otherwise = "leave it out" },
	{ "BLK_CGROUP_IOPRIO", .file = "io.prio.", .option = "CGROUP",
	  .otherwise = "leave it out" },
	{ "BFQ_GROUP_IOSCHED", .file = "io.bfq.", .option = "CGROUP",
	  .otherwise = "leave it out" },
	{ "CGROUP_HUGETLB", .file = "hugetlb.", .option = "CGROUP", .otherwise = "leave it out" },
	{ "CGROUP_RDMA", .file = "rdma.", .option = "CGROUP", .otherwise = "leave it out" },

	/* The board's */
	{ "VLAN_8021Q", "8021q", .board = has_vlan, .option = "UPLINK",
	  .otherwise = "leave the VLANs out" },
	{ "PACKET", "af_packet", .board = has_dhcp, .option = "UPLINK_ADDRESS",
	  .otherwise = "write an address in place of dhcp" },
	{ "EXT4_FS", "ext4", .board = has_ext4, .option = "DATA_TYPE",
	  .otherwise = "write \"f2fs\"" },
	{ "F2FS_FS", "f2fs", .board = has_f2fs, .option = "DATA_TYPE",
	  .otherwise = "write \"ext4\"" },
	{ "BLK_DEV_LOOP", "loop", .board = has_images,
	  .otherwise = "images are mounted by it" },
	{ "FILE_LOCKING", .board = has_images,
	  .otherwise = "nobody may write to an image while it is checked" },
	{ "SECCOMP", .board = has_images,
	  .otherwise = "who checks a release may do nothing else" },
	{ "EROFS_FS", "erofs", .board = has_erofs, .option = "IMAGE_FS",
	  .otherwise = "write \"squashfs\"" },
	{ "EROFS_FS_ZIP", .board = has_erofs, .option = "IMAGE_FS",
	  .otherwise = "write \"squashfs\"" },
	{ "SQUASHFS", "squashfs", .board = has_squashfs, .option = "IMAGE_FS",
	  .otherwise = "write \"erofs\"" },
	{ "SQUASHFS_ZSTD", .board = has_squashfs, .option = "IMAGE_FS",
	  .otherwise = "write \"erofs\"" },
	{ "DM_VERITY", "dm_verity", .board = has_verity_files, .option = "IMAGE_CHECK",
	  .otherwise = "write \"sha256\"" },
	{ "DM_VERITY", "dm_verity", .board = has_partitions,
	  .otherwise = "partitions with images are checked by it" },
	{ "CRYPTO_SHA256", "sha256_generic", .board = has_verity,
	  .otherwise = "dm-verity calculates with it" },
	{ "WATCHDOG", .board = has_watchdog, .option = "WATCHDOG_TIMEOUT_S",
	  .otherwise = "write 0" },
	{ "PRINTK", .board = copies_to_kmsg, .option = "LOG_KMSG", .otherwise = "write n" },

	/* The firewall, with the first service on a bridge or the first uplink */
	FIREWALL("NF_TABLES", "nf_tables"),
	FIREWALL("NF_TABLES_INET", NULL),
	FIREWALL("NF_TABLES_BRIDGE", NULL, .is_part = true),
	FIREWALL("NFT_BRIDGE_META", "nft_meta_bridge"),
	FIREWALL("NFT_CT", "nft_ct"),
	FIREWALL("NFT_NAT", "nft_chain_nat"),
	FIREWALL("NFT_NAT", "nft_nat"),
	FIREWALL("NFT_MASQ", "nft_masq"),
	FIREWALL("NFT_FIB_INET", "nft_fib_inet"),
	FIREWALL("NFT_REJECT_INET", "nft_reject_inet"),

	/* What is better with it, and goes without */
	{ "SECURITY_LANDLOCK", .service = always, .is_wish = true,
	  .otherwise = "services go without this second wall" },
	{ "AUDITSYSCALL", .service = has_filter, .is_wish = true,
	  .otherwise = "`pith why` cannot name a system call that was refused" },
};

const size_t gate_row_count = sizeof(gate_rows) / sizeof(gate_rows[0]);
