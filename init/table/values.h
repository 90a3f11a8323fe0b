/*
 * Readers of the vocabulary's values: from .config's text to a field.  Each
 * is an option_reader (see vocabulary.h), so each returns NULL or a phrase
 * for people.  Strict throughout: no trailing bytes, no sign or blank where
 * none belongs, no number beyond its range.
 */
#ifndef PITH_TABLE_VALUES_H
#define PITH_TABLE_VALUES_H

#include "spec.h"
#include "vocabulary.h"

option_reader read_choice;	/* int: index of the word in option->choices */
option_reader read_int;		/* int64_t within option->min and max */
option_reader read_bool;	/* bool */
option_reader read_argv;	/* struct words, none for "" */
option_reader read_env;		/* struct words, each K=V, no K twice */
option_reader read_names;	/* struct words, no word twice */
option_reader read_path;	/* const char *: absolute, without . .. and //, or "" */
option_reader read_log_file;	/* const char *: the same, "" for none */
option_reader read_user;	/* struct user_ids, USER_OPEN for "" */
option_reader read_hostname;	/* const char *, "" for none */
option_reader read_signal;	/* int, 0 for "" */
option_reader read_oci;	/* const char *, "" for none */
option_reader read_size;	/* uint64_t, bytes; 0 for "" */
option_reader read_tmpfs;	/* struct tmpfs_list */
option_reader read_volumes;	/* struct volumes */
option_reader read_devices;	/* struct devices, no path twice */
option_reader read_label;	/* const char *, "" for none */
option_reader read_address;	/* uint32_t; 0 for "" */
option_reader read_subnet;	/* struct ipv4_subnet */
option_reader read_prefix6;	/* struct ipv6_subnet; all zero for "" */
option_reader read_bridges;	/* struct bridges, of which name, subnet and IPv6 prefix */
option_reader read_uplinks;	/* struct words, each an interface, none twice */
option_reader read_uplink_addresses;	/* struct uplink_values with prefixes */
option_reader read_uplink_gateways;	/* struct uplink_values without */
option_reader read_dns;		/* struct ips, at most three, none twice */
option_reader read_publish;	/* struct published_ports */
option_reader read_ports;	/* struct ports, numbers alone, none twice */
option_reader read_listen;	/* struct ports, none twice */
option_reader read_allow;	/* struct allows, none twice */
option_reader read_root;	/* struct service_spec: root and root_name */
option_reader read_release_name;	/* const char *: a product or a board, "" for none */
option_reader read_key_paths;	/* struct words, none twice */
option_reader read_net;		/* struct service_spec: net and share */
option_reader read_bridge;	/* const char * */

/* What RAM_MB goes up to, in bytes.  Sums over all services stay far below 64
 * bits. */
#define VALUES_SIZE_MAX (UINT64_C(4096) << 30)

/* "1883/tcp", or the path. */
const char *values_port_text(struct arena *arena, const struct port *port);

/* Of a-z, 0-9, '-' and '_', and starts with a letter; of any length. */
bool values_is_release_name(const char *name);

bool values_same_port(const struct port *one, const struct port *other);

/* Reads what a bridge or an uplink may have: NULL, or what is wrong and what to
 * write, such as the example.  longest: of the prefix, 30 where a subnet is needed that
 * has hosts beside this one, else 32.  prefix6: that of a bridge, of 64 bits. */
const char *values_subnet(struct arena *arena, const char *text, uint8_t longest,
			  const char *example, struct ipv4_subnet *subnet);
const char *values_prefix6(struct arena *arena, const char *text, struct ipv6_subnet *prefix);

/* Why word, "K=V", cannot stand in an environment, or NULL. */
const char *values_variable_error(const char *word);

/* Why name cannot be an interface's, or NULL. */
const char *values_interface_error(const char *name);

/* Why path is no proper absolute path, or NULL. */
const char *values_path_error(const char *path);

#endif
