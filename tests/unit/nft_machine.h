/*
 * Runs packets through a batch for nf_tables as the kernel would: reads its chains,
 * rules and sets back from the bytes, and evaluates rules expression by expression.
 * What it does not know fails the test.  It keeps no connections: a packet says itself
 * what it belongs to.
 *
 * Include cmocka.h first.
 */
#ifndef TESTS_UNIT_NFT_MACHINE_H
#define TESTS_UNIT_NFT_MACHINE_H

#include <arpa/inet.h>
#include <endian.h>
#include <linux/if_ether.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define MACHINE_CHAINS 64
#define MACHINE_RULES 256
#define MACHINE_SETS 64
#define MACHINE_ELEMENTS 4096
#define MACHINE_DEPTH 16
#define MACHINE_NO_UID UINT32_MAX

struct machine_bytes {
	const uint8_t *at;
	size_t left;
};

struct machine_chain {
	uint8_t family;
	const char *name;
	bool is_base, is_nat;
	uint32_t hook, policy;
	int32_t priority;
};

struct machine_rule {
	size_t chain;
	struct machine_bytes expressions;
};

struct machine_set {
	uint8_t family;
	const char *name;
	uint32_t id, key_length, data_length;
	bool counts, ranges;
	size_t rows;
};

struct machine_element {
	size_t set;
	struct machine_bytes key, last, data;
	const char *comment;
	uint32_t packets;
};

struct machine {
	struct machine_chain chains[MACHINE_CHAINS];
	struct machine_rule rules[MACHINE_RULES];
	struct machine_set sets[MACHINE_SETS];
	struct machine_element elements[MACHINE_ELEMENTS];
	size_t chain_count, rule_count, set_count, element_count;
	struct {
		bool is_there, was_emptied;
	} tables[NFPROTO_NUMPROTO];
};

/* One packet at one hook.  Addresses as text; NULL or 0: it has none. */
struct machine_packet {
	const char *in, *out, *from, *to;
	uint8_t protocol, icmp_type;
	uint16_t port, ethertype;
	uint32_t state;		/* NF_CT_STATE_…; 0: new */
	uint32_t status;	/* IPS_… */
	uint32_t uid;		/* MACHINE_NO_UID: no socket */
	const uint8_t *mac;	/* of the sender */
	bool is_local;		/* to an address of the board's */
};

enum machine_end {
	MACHINE_ACCEPT,
	MACHINE_DROP,
	MACHINE_RESET,
	MACHINE_PROHIBITED,
	MACHINE_MASQUERADE,
	MACHINE_DNAT,
};

struct machine_result {
	enum machine_end end;
	char to[INET6_ADDRSTRLEN];	/* MACHINE_DNAT */
	uint16_t port;
};

static inline struct machine_bytes machine_rest(struct machine_bytes b, size_t skip)
{
	assert_true(b.left >= skip);
	return (struct machine_bytes){ b.at + skip, b.left - skip };
}

static inline bool machine_next(struct machine_bytes *b, uint16_t *type,
				struct machine_bytes *value)
{
	struct nlattr header;
	size_t step;

	if (!b->left)
		return false;
	assert_true(b->left >= sizeof(header));
	memcpy(&header, b->at, sizeof(header));
	assert_true(header.nla_len >= sizeof(header) && header.nla_len <= b->left);
	*type = header.nla_type & NLA_TYPE_MASK;
	*value = (struct machine_bytes){ b->at + sizeof(header), header.nla_len - sizeof(header) };
	step = NLA_ALIGN((size_t)header.nla_len);
	*b = machine_rest(*b, step < b->left ? step : b->left);
	return true;
}

/* {NULL, 0} if it is not there. */
static inline struct machine_bytes machine_find(struct machine_bytes b, uint16_t wanted)
{
	struct machine_bytes value;
	uint16_t type;

	while (machine_next(&b, &type, &value))
		if (type == wanted)
			return value;
	return (struct machine_bytes){ NULL, 0 };
}

static inline uint32_t machine_number(struct machine_bytes b, uint16_t wanted, uint32_t otherwise)
{
	struct machine_bytes value = machine_find(b, wanted);
	uint32_t be;

	if (!value.at)
		return otherwise;
	assert_int_equal(value.left, sizeof(be));
	memcpy(&be, value.at, sizeof(be));
	return be32toh(be);
}

static inline const char *machine_text(struct machine_bytes b, uint16_t wanted)
{
	struct machine_bytes value = machine_find(b, wanted);

	assert_true(value.left && !value.at[value.left - 1]);
	return (const char *)value.at;
}

static inline size_t machine_chain_named(const struct machine *machine, uint8_t family,
					 const char *name)
{
	for (size_t i = 0; i < machine->chain_count; i++)
		if (machine->chains[i].family == family && !strcmp(machine->chains[i].name, name))
			return i;
	fail_msg("no chain %s yet", name);
	return 0;
}

static inline size_t machine_set_named(const struct machine *machine, uint8_t family,
				       const char *name)
{
	for (size_t i = 0; i < machine->set_count; i++)
		if (machine->sets[i].family == family && !strcmp(machine->sets[i].name, name))
			return i;
	fail_msg("no set %s yet", name);
	return 0;
}

static inline void machine_add_chain(struct machine *machine, uint8_t family,
				     struct machine_bytes b)
{
	struct machine_bytes hook = machine_find(b, NFTA_CHAIN_HOOK);
	struct machine_chain *chain = &machine->chains[machine->chain_count++];

	assert_true(machine->chain_count <= MACHINE_CHAINS);
	*chain = (struct machine_chain){ .family = family, .policy = NF_ACCEPT };
	chain->name = machine_text(b, NFTA_CHAIN_NAME);
	if (!hook.at)
		return;
	chain->is_base = true;
	chain->is_nat = !strcmp(machine_text(b, NFTA_CHAIN_TYPE), "nat");
	chain->hook = machine_number(hook, NFTA_HOOK_HOOKNUM, 0);
	chain->priority = (int32_t)machine_number(hook, NFTA_HOOK_PRIORITY, 0);
	chain->policy = machine_number(b, NFTA_CHAIN_POLICY, NF_ACCEPT);
}

/* Before bytes of a header are looked at it has to be known whose they are; and whatever
 * is named has to be there. */
static inline void machine_check_rule(const struct machine *machine, uint8_t family,
				      struct machine_bytes list)
{
	bool knows_network = false, knows_transport = false;
	struct machine_bytes e;
	uint16_t type;

	while (machine_next(&list, &type, &e)) {
		const char *name = machine_text(e, NFTA_EXPR_NAME);
		struct machine_bytes data = machine_find(e, NFTA_EXPR_DATA);

		if (!strcmp(name, "meta")) {
			uint32_t key = machine_number(data, NFTA_META_KEY, UINT32_MAX);

			knows_network |= key == NFT_META_NFPROTO || key == NFT_META_PROTOCOL;
			knows_transport |= key == NFT_META_L4PROTO;
		} else if (!strcmp(name, "payload")) {
			uint32_t base = machine_number(data, NFTA_PAYLOAD_BASE, UINT32_MAX);

			assert_true(base != NFT_PAYLOAD_NETWORK_HEADER || knows_network);
			assert_true(base != NFT_PAYLOAD_TRANSPORT_HEADER || knows_transport);
		} else if (!strcmp(name, "lookup")) {
			size_t set = machine_set_named(machine, family,
						       machine_text(data, NFTA_LOOKUP_SET));

			assert_int_equal(machine_number(data, NFTA_LOOKUP_SET_ID, 0),
					 machine->sets[set].id);
		} else if (!strcmp(name, "immediate")) {
			struct machine_bytes code = machine_find(
				machine_find(data, NFTA_IMMEDIATE_DATA), NFTA_DATA_VERDICT);

			if (machine_find(code, NFTA_VERDICT_CHAIN).at)
				(void)machine_chain_named(machine, family,
							  machine_text(code, NFTA_VERDICT_CHAIN));
		}
	}
}

static inline void machine_add_rule(struct machine *machine, uint8_t family,
				    struct machine_bytes b)
{
	assert_true(machine->rule_count < MACHINE_RULES);
	machine->rules[machine->rule_count++] = (struct machine_rule){
		.chain = machine_chain_named(machine, family, machine_text(b, NFTA_RULE_CHAIN)),
		.expressions = machine_find(b, NFTA_RULE_EXPRESSIONS),
	};
	machine_check_rule(machine, family, machine_find(b, NFTA_RULE_EXPRESSIONS));
}

static inline void machine_add_set(struct machine *machine, uint8_t family,
				   struct machine_bytes b)
{
	uint32_t flags = machine_number(b, NFTA_SET_FLAGS, 0);

	assert_true(machine->set_count < MACHINE_SETS);
	for (size_t i = 0; i < machine->set_count; i++)
		assert_int_not_equal(machine->sets[i].id, machine_number(b, NFTA_SET_ID, 0));
	assert_int_equal(flags & NFT_SET_INTERVAL ? flags & NFT_SET_CONCAT : NFT_SET_CONCAT,
			 NFT_SET_CONCAT);
	machine->sets[machine->set_count++] = (struct machine_set){
		.family = family,
		.name = machine_text(b, NFTA_SET_NAME),
		.id = machine_number(b, NFTA_SET_ID, 0),
		.key_length = machine_number(b, NFTA_SET_KEY_LEN, 0),
		.data_length = machine_number(b, NFTA_SET_DATA_LEN, 0),
		.counts = machine_find(b, NFTA_SET_EXPR).at,
		.ranges = flags & NFT_SET_INTERVAL,
	};
}

static inline struct machine_bytes machine_value(struct machine_bytes b, uint16_t wanted,
						 size_t length)
{
	struct machine_bytes nest = machine_find(b, wanted), value = { NULL, 0 };

	if (nest.at) {
		value = machine_find(nest, NFTA_DATA_VALUE);
		assert_int_equal(value.left, length);
	}
	return value;
}

static inline void machine_add_elements(struct machine *machine, uint8_t family,
					struct machine_bytes b)
{
	size_t set = machine_set_named(machine, family, machine_text(b, NFTA_SET_ELEM_LIST_SET));
	struct machine_bytes list = machine_find(b, NFTA_SET_ELEM_LIST_ELEMENTS), row;
	uint16_t type;

	while (machine_next(&list, &type, &row)) {
		struct machine_set *to = &machine->sets[set];
		struct machine_element *e = &machine->elements[machine->element_count++];
		struct machine_bytes comment = machine_find(row, NFTA_SET_ELEM_USERDATA);

		assert_true(machine->element_count <= MACHINE_ELEMENTS);
		*e = (struct machine_element){
			.set = set,
			.key = machine_value(row, NFTA_SET_ELEM_KEY, to->key_length),
			.last = machine_value(row, NFTA_SET_ELEM_KEY_END, to->key_length),
			.data = machine_value(row, NFTA_SET_ELEM_DATA, to->data_length),
		};
		assert_non_null(e->key.at);
		assert_int_equal(e->last.at != NULL, to->ranges);
		assert_int_equal(e->data.at != NULL, to->data_length != 0);
		if (comment.at) {
			assert_int_equal(comment.at[0], 0);
			assert_int_equal(comment.at[1] + 2u, comment.left);
			assert_int_equal(comment.at[comment.left - 1], 0);
			e->comment = (const char *)comment.at + 2;
		}
		to->rows++;
	}
}

static inline void machine_read_message(struct machine *machine, uint16_t type, uint8_t family,
					struct machine_bytes b)
{
	assert_true(family < NFPROTO_NUMPROTO);
	if (type != NFT_MSG_NEWTABLE)
		assert_true(machine->tables[family].is_there);
	switch (type) {
	case NFT_MSG_NEWTABLE:
		machine->tables[family].is_there = true;
		return;
	case NFT_MSG_DELTABLE:
		machine->tables[family].is_there = false;
		machine->tables[family].was_emptied = true;
		return;
	}
	assert_true(machine->tables[family].was_emptied);
	switch (type) {
	case NFT_MSG_NEWCHAIN:
		machine_add_chain(machine, family, b);
		break;
	case NFT_MSG_NEWRULE:
		machine_add_rule(machine, family, b);
		break;
	case NFT_MSG_NEWSET:
		machine_add_set(machine, family, b);
		break;
	case NFT_MSG_NEWSETELEM:
		machine_add_elements(machine, family, b);
		break;
	default:
		fail_msg("a message of type 0x%x", type);
	}
}

/* The machine keeps pointers into the bytes.  What an earlier batch left in the tables has
 * to be taken away before all else. */
static inline void machine_read(struct machine *machine, const uint8_t *bytes, size_t length)
{
	uint16_t last = 0;
	bool asks = false;

	memset(machine, 0, sizeof(*machine));
	for (size_t at = 0; at < length;) {
		struct nlmsghdr header;

		assert_true(length - at >= sizeof(header) + sizeof(struct nfgenmsg));
		memcpy(&header, bytes + at, sizeof(header));
		assert_true(header.nlmsg_len <= length - at);
		assert_int_equal(header.nlmsg_type == NFNL_MSG_BATCH_BEGIN, at == 0);
		assert_int_not_equal(last, NFNL_MSG_BATCH_END);
		asks |= header.nlmsg_flags & NLM_F_ACK;
		last = header.nlmsg_type;
		if (last >> 8 == NFNL_SUBSYS_NFTABLES)
			machine_read_message(machine, last & 0xff, bytes[at + sizeof(header)],
					     machine_rest((struct machine_bytes){
						     bytes + at, header.nlmsg_len,
					     }, sizeof(header) + sizeof(struct nfgenmsg)));
		at += NLMSG_ALIGN(header.nlmsg_len);
	}
	assert_int_equal(last, NFNL_MSG_BATCH_END);
	assert_true(asks);
}

struct machine_run {
	struct machine *machine;
	uint8_t family;		/* of the table */
	const struct machine_packet *packet;
	uint8_t link[ETH_HLEN], network[40], transport[4];
	uint8_t registers[NFT_DATA_VALUE_MAXLEN];
	uint8_t nfproto;
	struct machine_result result;
};

static inline uint8_t *machine_register(struct machine_run *run, uint32_t number, size_t length)
{
	size_t at = number >= NFT_REG32_00 ? (number - NFT_REG32_00) * NFT_REG32_SIZE
					   : (number - NFT_REG_1) * NFT_REG_SIZE;

	assert_in_range(number, NFT_REG_1, NFT_REG32_15);
	assert_true(at + length <= sizeof(run->registers));
	return run->registers + at;
}

static inline void machine_make_headers(struct machine_run *run)
{
	const struct machine_packet *p = run->packet;
	const uint16_t port = htobe16(p->port);

	if (p->from && strchr(p->from, ':')) {
		run->nfproto = NFPROTO_IPV6;
		assert_int_equal(inet_pton(AF_INET6, p->from, run->network + 8), 1);
		assert_int_equal(inet_pton(AF_INET6, p->to, run->network + 24), 1);
	} else if (p->from) {
		run->nfproto = NFPROTO_IPV4;
		assert_int_equal(inet_pton(AF_INET, p->from, run->network + 12), 1);
		assert_int_equal(inet_pton(AF_INET, p->to, run->network + 16), 1);
	}
	if (p->mac)
		memcpy(run->link + ETH_ALEN, p->mac, ETH_ALEN);
	run->transport[0] = p->icmp_type;
	if (p->port)
		memcpy(run->transport + 2, &port, sizeof(port));
}

static inline bool machine_meta(struct machine_run *run, struct machine_bytes data)
{
	const struct machine_packet *p = run->packet;
	const uint32_t key = machine_number(data, NFTA_META_KEY, UINT32_MAX);
	uint8_t *to = machine_register(run, machine_number(data, NFTA_META_DREG, 0), 16);
	const char *name = key == NFT_META_IIFNAME ? p->in : p->out;
	uint16_t ethertype = htobe16(p->ethertype ? p->ethertype :
				     run->nfproto == NFPROTO_IPV6 ? ETH_P_IPV6 : ETH_P_IP);

	switch (key) {
	case NFT_META_IIFNAME:
	case NFT_META_OIFNAME:
		memset(to, 0, 16);
		memcpy(to, name ? name : "", name ? strlen(name) : 0);
		return true;
	case NFT_META_NFPROTO:
		memset(to, 0, 4);
		*to = run->nfproto;
		return true;
	case NFT_META_L4PROTO:
		memset(to, 0, 4);
		*to = p->protocol;
		return p->protocol;
	case NFT_META_PROTOCOL:
		memset(to, 0, 4);
		memcpy(to, &ethertype, sizeof(ethertype));
		return true;
	case NFT_META_SKUID:
		memcpy(to, &p->uid, sizeof(p->uid));
		return p->uid != MACHINE_NO_UID;
	}
	fail_msg("meta key %u", key);
	return false;
}

static inline bool machine_payload(struct machine_run *run, struct machine_bytes data)
{
	uint32_t length = machine_number(data, NFTA_PAYLOAD_LEN, 0);
	uint32_t offset = machine_number(data, NFTA_PAYLOAD_OFFSET, 0);
	uint32_t size = (length + 3) / 4 * 4;
	uint8_t *to = machine_register(run, machine_number(data, NFTA_PAYLOAD_DREG, 0), size);
	const struct {
		const uint8_t *at;
		size_t size;
	} headers[] = {
		[NFT_PAYLOAD_LL_HEADER] = { run->link, sizeof(run->link) },
		[NFT_PAYLOAD_NETWORK_HEADER] = { run->network, sizeof(run->network) },
		[NFT_PAYLOAD_TRANSPORT_HEADER] = { run->transport, sizeof(run->transport) },
	};
	uint32_t base = machine_number(data, NFTA_PAYLOAD_BASE, UINT32_MAX);

	assert_true(base < sizeof(headers) / sizeof(headers[0]));
	assert_true(offset + length <= headers[base].size);
	memset(to, 0, size);
	memcpy(to, headers[base].at + offset, length);
	/* A packet without a transport header has no such bytes. */
	return base != NFT_PAYLOAD_TRANSPORT_HEADER || run->packet->protocol;
}

static inline bool machine_cmp(struct machine_run *run, struct machine_bytes data)
{
	struct machine_bytes value = machine_find(machine_find(data, NFTA_CMP_DATA),
						  NFTA_DATA_VALUE);
	const uint8_t *at = machine_register(run, machine_number(data, NFTA_CMP_SREG, 0),
					     value.left);
	bool is_equal = !memcmp(at, value.at, value.left);
	uint32_t op = machine_number(data, NFTA_CMP_OP, UINT32_MAX);

	assert_in_range(op, NFT_CMP_EQ, NFT_CMP_NEQ);
	return is_equal == (op == NFT_CMP_EQ);
}

static inline void machine_bitwise(struct machine_run *run, struct machine_bytes data)
{
	uint32_t length = machine_number(data, NFTA_BITWISE_LEN, 0);
	uint8_t *at = machine_register(run, machine_number(data, NFTA_BITWISE_SREG, 0), length);
	struct machine_bytes mask = machine_value(data, NFTA_BITWISE_MASK, length);
	struct machine_bytes flip = machine_value(data, NFTA_BITWISE_XOR, length);

	assert_int_equal(machine_number(data, NFTA_BITWISE_DREG, 0),
			 machine_number(data, NFTA_BITWISE_SREG, 0));
	for (uint32_t i = 0; i < length; i++)
		at[i] = (uint8_t)((at[i] & mask.at[i]) ^ flip.at[i]);
}

static inline void machine_byteorder(struct machine_run *run, struct machine_bytes data)
{
	uint32_t reg = machine_number(data, NFTA_BYTEORDER_SREG, 0), value;
	uint8_t *at = machine_register(run, reg, sizeof(value));

	assert_int_equal(machine_number(data, NFTA_BYTEORDER_DREG, 0), reg);
	assert_int_equal(machine_number(data, NFTA_BYTEORDER_LEN, 0), sizeof(value));
	assert_int_equal(machine_number(data, NFTA_BYTEORDER_SIZE, 0), sizeof(value));
	memcpy(&value, at, sizeof(value));
	value = htobe32(value);
	memcpy(at, &value, sizeof(value));
}

static inline void machine_ct(struct machine_run *run, struct machine_bytes data)
{
	uint32_t key = machine_number(data, NFTA_CT_KEY, UINT32_MAX);
	uint32_t value = key == NFT_CT_STATE ? run->packet->state : run->packet->status;

	assert_true(key == NFT_CT_STATE || key == NFT_CT_STATUS);
	memcpy(machine_register(run, machine_number(data, NFTA_CT_DREG, 0), sizeof(value)), &value,
	       sizeof(value));
}

static inline void machine_fib(struct machine_run *run, struct machine_bytes data)
{
	uint32_t value = run->packet->is_local ? RTN_LOCAL : RTN_UNICAST;

	assert_int_equal(machine_number(data, NFTA_FIB_RESULT, 0), NFT_FIB_RESULT_ADDRTYPE);
	assert_int_equal(machine_number(data, NFTA_FIB_FLAGS, 0), NFTA_FIB_F_DADDR);
	memcpy(machine_register(run, machine_number(data, NFTA_FIB_DREG, 0), sizeof(value)), &value,
	       sizeof(value));
}

/* Ranges are of whole fields, each at most a register long and of words; since the first
 * and the last are in network order, a field is within if its bytes are. */
static inline bool machine_is_within(const struct machine_set *set, const uint8_t *key,
				     const struct machine_element *e)
{
	/* The machine is not told where fields end: of those in use, the first is a uid. */
	const size_t first = sizeof(uint32_t);
	size_t address = set->key_length >= first + 16 ? 16 : 4;

	if (!set->ranges)
		return !memcmp(key, e->key.at, set->key_length);
	for (size_t at = 0; at < set->key_length;) {
		size_t length = at == first ? address : 4;

		if (memcmp(key + at, e->key.at + at, length) < 0 ||
		    memcmp(key + at, e->last.at + at, length) > 0)
			return false;
		at += length;
	}
	return true;
}

static inline bool machine_lookup(struct machine_run *run, struct machine_bytes data)
{
	size_t set = machine_set_named(run->machine, run->family,
				       machine_text(data, NFTA_LOOKUP_SET));
	const struct machine_set *in = &run->machine->sets[set];
	const uint8_t *key = machine_register(run, machine_number(data, NFTA_LOOKUP_SREG, 0),
					      in->key_length);
	uint32_t to = machine_number(data, NFTA_LOOKUP_DREG, UINT32_MAX);

	assert_int_equal(to != UINT32_MAX, in->data_length != 0);
	for (size_t i = 0; i < run->machine->element_count; i++) {
		struct machine_element *e = &run->machine->elements[i];

		if (e->set != set || !machine_is_within(in, key, e))
			continue;
		e->packets += in->counts;
		if (e->data.at)
			memcpy(machine_register(run, to, e->data.left), e->data.at, e->data.left);
		return true;
	}
	return false;
}

static inline bool machine_nat(struct machine_run *run, struct machine_bytes data)
{
	uint32_t family = machine_number(data, NFTA_NAT_FAMILY, 0);
	const uint8_t *address = machine_register(run, machine_number(data, NFTA_NAT_REG_ADDR_MIN, 0),
						  16);
	const uint8_t *port = machine_register(run, machine_number(data, NFTA_NAT_REG_PROTO_MIN, 0),
					       4);

	assert_int_equal(machine_number(data, NFTA_NAT_TYPE, UINT32_MAX), NFT_NAT_DNAT);
	if (family != run->nfproto)
		return false;
	run->result.end = MACHINE_DNAT;
	assert_non_null(inet_ntop(family == NFPROTO_IPV6 ? AF_INET6 : AF_INET, address,
				  run->result.to, sizeof(run->result.to)));
	run->result.port = (uint16_t)(port[0] << 8 | port[1]);
	return true;
}

static inline void machine_reject(struct machine_run *run, struct machine_bytes data)
{
	if (machine_number(data, NFTA_REJECT_TYPE, UINT32_MAX) == NFT_REJECT_TCP_RST) {
		assert_int_equal(run->packet->protocol, IPPROTO_TCP);
		run->result.end = MACHINE_RESET;
		return;
	}
	assert_int_equal(*machine_find(data, NFTA_REJECT_ICMP_CODE).at,
			 NFT_REJECT_ICMPX_ADMIN_PROHIBITED);
	run->result.end = MACHINE_PROHIBITED;
}

enum machine_step { MACHINE_GO_ON, MACHINE_BREAK, MACHINE_VERDICT, MACHINE_JUMP, MACHINE_GOTO,
		    MACHINE_DONE };

static inline enum machine_step machine_immediate(struct machine_bytes data, uint32_t *verdict,
						  const char **chain)
{
	struct machine_bytes code = machine_find(machine_find(data, NFTA_IMMEDIATE_DATA),
						 NFTA_DATA_VERDICT);

	assert_int_equal(machine_number(data, NFTA_IMMEDIATE_DREG, UINT32_MAX), NFT_REG_VERDICT);
	*verdict = machine_number(code, NFTA_VERDICT_CODE, UINT32_MAX);
	if (*verdict == NF_ACCEPT || *verdict == NF_DROP)
		return MACHINE_VERDICT;
	*chain = machine_text(code, NFTA_VERDICT_CHAIN);
	assert_true(*verdict == (uint32_t)NFT_JUMP || *verdict == (uint32_t)NFT_GOTO);
	return *verdict == (uint32_t)NFT_JUMP ? MACHINE_JUMP : MACHINE_GOTO;
}

static inline enum machine_step machine_evaluate(struct machine_run *run, const char *name,
						 struct machine_bytes data, uint32_t *verdict,
						 const char **chain)
{
	if (!strcmp(name, "immediate"))
		return machine_immediate(data, verdict, chain);
	if (!strcmp(name, "meta"))
		return machine_meta(run, data) ? MACHINE_GO_ON : MACHINE_BREAK;
	if (!strcmp(name, "payload"))
		return machine_payload(run, data) ? MACHINE_GO_ON : MACHINE_BREAK;
	if (!strcmp(name, "cmp"))
		return machine_cmp(run, data) ? MACHINE_GO_ON : MACHINE_BREAK;
	if (!strcmp(name, "lookup"))
		return machine_lookup(run, data) ? MACHINE_GO_ON : MACHINE_BREAK;
	if (!strcmp(name, "nat"))
		return machine_nat(run, data) ? MACHINE_DONE : MACHINE_GO_ON;
	if (!strcmp(name, "bitwise"))
		machine_bitwise(run, data);
	else if (!strcmp(name, "byteorder"))
		machine_byteorder(run, data);
	else if (!strcmp(name, "ct"))
		machine_ct(run, data);
	else if (!strcmp(name, "fib"))
		machine_fib(run, data);
	else if (!strcmp(name, "masq"))
		run->result.end = MACHINE_MASQUERADE;
	else if (!strcmp(name, "reject"))
		machine_reject(run, data);
	else
		fail_msg("an expression %s", name);
	return !strcmp(name, "masq") || !strcmp(name, "reject") ? MACHINE_DONE : MACHINE_GO_ON;
}

static inline enum machine_step machine_run_rule(struct machine_run *run,
						 const struct machine_rule *rule,
						 uint32_t *verdict, const char **chain)
{
	struct machine_bytes list = rule->expressions, e;
	uint16_t type;

	while (machine_next(&list, &type, &e)) {
		enum machine_step step = machine_evaluate(run, machine_text(e, NFTA_EXPR_NAME),
							  machine_find(e, NFTA_EXPR_DATA), verdict,
							  chain);

		if (step != MACHINE_GO_ON)
			return step;
	}
	return MACHINE_BREAK;
}

/* Where to go on after a jump: the rule behind it, of that chain. */
struct machine_return {
	size_t chain, rule;
};

static inline void machine_run_chain(struct machine_run *run, size_t base)
{
	const struct machine *machine = run->machine;
	struct machine_return stack[MACHINE_DEPTH];
	size_t depth = 0, chain = base, rule = 0;

	memset(run->registers, 0xa5, sizeof(run->registers));
	for (;;) {
		enum machine_step step;
		const char *name = NULL;
		uint32_t verdict = 0;

		while (rule < machine->rule_count && machine->rules[rule].chain != chain)
			rule++;
		if (rule == machine->rule_count) {
			if (!depth)
				break;
			depth--;
			chain = stack[depth].chain;
			rule = stack[depth].rule;
			continue;
		}
		step = machine_run_rule(run, &machine->rules[rule++], &verdict, &name);
		if (step == MACHINE_DONE)
			return;
		if (step == MACHINE_VERDICT) {
			run->result.end = verdict == NF_ACCEPT ? MACHINE_ACCEPT : MACHINE_DROP;
			return;
		}
		if (step == MACHINE_JUMP) {
			assert_true(depth < MACHINE_DEPTH);
			stack[depth++] = (struct machine_return){ chain, rule };
		}
		if (name) {
			chain = machine_chain_named(machine, run->family, name);
			rule = 0;
		}
	}
	run->result.end = machine->chains[base].policy == NF_ACCEPT ? MACHINE_ACCEPT : MACHINE_DROP;
}

/* What the chains of one kind, at one hook of a family's table, make of a packet; it is
 * accepted if there is none. */
static inline struct machine_result machine_pass(struct machine *machine, uint8_t family,
						 bool is_nat, uint32_t hook,
						 const struct machine_packet *packet)
{
	struct machine_run run = { .machine = machine, .family = family, .packet = packet };
	bool found = false;

	machine_make_headers(&run);
	for (size_t i = 0; i < machine->chain_count; i++) {
		const struct machine_chain *chain = &machine->chains[i];

		if (!chain->is_base || chain->family != family || chain->is_nat != is_nat ||
		    chain->hook != hook)
			continue;
		assert_false(found);
		found = true;
		machine_run_chain(&run, i);
	}
	return run.result;
}

/* How often rows with that comment have matched; -1 if no set that counts has one. */
static inline int machine_count(const struct machine *machine, const char *comment)
{
	int count = -1;

	for (size_t i = 0; i < machine->element_count; i++) {
		const struct machine_element *e = &machine->elements[i];

		if (e->comment && !strcmp(e->comment, comment) && machine->sets[e->set].counts)
			count = (count < 0 ? 0 : count) + (int)e->packets;
	}
	return count;
}

#endif
