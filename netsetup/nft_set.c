/*
 * Encodes sets and their elements, the way nft(8) does.  What is in a set is its
 * caller's; rules that look packets up are nft_lookup.c's.
 */
#include "nft_set.h"

#include <endian.h>
#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netlink.h>
#include <string.h>

#include "nft_expression.h"
#include "nft_field.h"

#define KEY_MAX NFT_DATA_VALUE_MAXLEN	/* of all registers */

/* The longest element: two keys, what they lead to, a comment, and their headers. */
#define ELEMENT_MAX (3 * (KEY_MAX + 8) + NFT_COMMENT_SIZE + 8)

/* Attributes in a nest: its length has 16 bits. */
#define NEST_MAX 65535u

/* Which kind of user data a comment is, and the order of bytes of a key
 * (struct nftnl_udata: type, length, value). */
#define USERDATA_COMMENT 0
#define USERDATA_KEY_ORDER 0

/* Names are in the machine's order for nft(8), which lists them backwards if it is
 * not told so.  In a key of several fields it knows better. */
static void put_order(struct nlmsg *m, const struct nft_set *set)
{
	static const uint8_t own_order[] = { USERDATA_KEY_ORDER, 4, 1, 0, 0, 0 };

	if (nft_fields_count(set->key) == 1 && nft_forms[set->key[0]].source == NFT_FROM_META_NAME)
		nlmsg_put(m, NFTA_SET_USERDATA, own_order, sizeof(own_order));
}

/* With ranges the kernel compares field by field, and has to know their lengths. */
static void put_lengths(struct nlmsg *m, const struct nft_set *set)
{
	size_t description = nlmsg_nest(m, NFTA_SET_DESC);
	size_t lengths = nlmsg_nest(m, NFTA_SET_DESC_CONCAT);

	for (uint32_t i = 0; i < nft_fields_count(set->key); i++) {
		size_t element = nlmsg_nest(m, NFTA_LIST_ELEM);

		nlmsg_put_be32(m, NFTA_SET_FIELD_LEN, nft_forms[set->key[i]].size);
		nlmsg_nest_end(m, element);
	}
	nlmsg_nest_end(m, lengths);
	nlmsg_nest_end(m, description);
}

static void put_counter(struct nlmsg *m)
{
	size_t nest = nlmsg_nest(m, NFTA_SET_EXPR);

	nlmsg_put_str(m, NFTA_EXPR_NAME, "counter");
	nlmsg_nest_end(m, nlmsg_nest(m, NFTA_EXPR_DATA));
	nlmsg_nest_end(m, nest);
}

void nft_put_set(struct nlmsg *m, const struct nft_set *set)
{
	uint32_t flags = set->ranges ? NFT_SET_INTERVAL | NFT_SET_CONCAT : 0;

	if (!nft_fields_count(set->key) || nft_fields_length(set->key) > KEY_MAX ||
	    (set->ranges && nft_fields_count(set->key) < 2)) {
		nlmsg_fail(m, -EINVAL);
		return;
	}
	nft_message_begin(m, NFT_MSG_NEWSET, NLM_F_CREATE, set->family);
	nlmsg_put_str(m, NFTA_SET_TABLE, set->table);
	nlmsg_put_str(m, NFTA_SET_NAME, set->name);
	nlmsg_put_be32(m, NFTA_SET_FLAGS, nft_fields_count(set->to) ? flags | NFT_SET_MAP : flags);
	nlmsg_put_be32(m, NFTA_SET_KEY_TYPE, nft_fields_type(set->key));
	nlmsg_put_be32(m, NFTA_SET_KEY_LEN, nft_fields_length(set->key));
	if (nft_fields_count(set->to)) {
		nlmsg_put_be32(m, NFTA_SET_DATA_TYPE, nft_fields_type(set->to));
		nlmsg_put_be32(m, NFTA_SET_DATA_LEN, nft_fields_length(set->to));
	}
	nlmsg_put_be32(m, NFTA_SET_ID, set->id);
	if (set->ranges)
		put_lengths(m, set);
	put_order(m, set);
	if (set->counts)
		put_counter(m);
	nlmsg_end_quiet(m);
}

void nft_elements_begin(struct nft_elements *elements, struct nlmsg *m,
			const struct nft_set *set)
{
	*elements = (struct nft_elements){ .m = m, .set = set };
}

static void message_begin(struct nft_elements *e)
{
	nft_message_begin(e->m, NFT_MSG_NEWSETELEM, NLM_F_CREATE, e->set->family);
	nlmsg_put_str(e->m, NFTA_SET_ELEM_LIST_TABLE, e->set->table);
	nlmsg_put_str(e->m, NFTA_SET_ELEM_LIST_SET, e->set->name);
	nlmsg_put_be32(e->m, NFTA_SET_ELEM_LIST_SET_ID, e->set->id);
	e->nest = nlmsg_nest(e->m, NFTA_SET_ELEM_LIST_ELEMENTS);
}

static void message_end(struct nft_elements *e)
{
	nlmsg_nest_end(e->m, e->nest);
	nlmsg_end_quiet(e->m);
	e->nest = 0;
}

static void encode(struct nlmsg *m, const struct nft_form *form, const struct nft_value *value,
		   uint8_t *to)
{
	const uint32_t be = htobe32(value->number);

	if (form->source == NFT_FROM_META_NAME)
		(void)nft_pad_name(m, value->name, to);
	else if (form->source == NFT_FROM_PAYLOAD_BYTES)
		memcpy(to, value->bytes, form->size);
	else
		memcpy(to, (const uint8_t *)&be + sizeof(be) - form->size, form->size);
}

static void put_fields(struct nlmsg *m, uint16_t attr, const enum nft_field *fields,
		       const struct nft_value *values)
{
	uint8_t bytes[KEY_MAX] = { 0 };
	uint32_t at = 0;

	for (uint32_t i = 0; i < nft_fields_count(fields); i++) {
		encode(m, &nft_forms[fields[i]], &values[i], bytes + at);
		at += nft_field_room(fields[i]);
	}
	nft_put_value(m, attr, bytes, at);
}

static void put_comment(struct nlmsg *m, const char *comment)
{
	uint8_t data[2 + NFT_COMMENT_SIZE];
	size_t size = strlen(comment) + 1;

	if (size > NFT_COMMENT_SIZE) {
		nlmsg_fail(m, -ENAMETOOLONG);
		return;
	}
	data[0] = USERDATA_COMMENT;
	data[1] = (uint8_t)size;
	memcpy(data + 2, comment, size);
	nlmsg_put(m, NFTA_SET_ELEM_USERDATA, data, 2 + size);
}

void nft_elements_put(struct nft_elements *e, const struct nft_element *element)
{
	size_t nest;

	if (e->nest && e->m->len - e->nest > NEST_MAX - ELEMENT_MAX)
		message_end(e);
	if (!e->nest)
		message_begin(e);
	nest = nlmsg_nest(e->m, NFTA_LIST_ELEM);
	put_fields(e->m, NFTA_SET_ELEM_KEY, e->set->key, element->key);
	if (e->set->ranges)
		put_fields(e->m, NFTA_SET_ELEM_KEY_END, e->set->key, element->last);
	if (nft_fields_count(e->set->to))
		put_fields(e->m, NFTA_SET_ELEM_DATA, e->set->to, element->to);
	if (element->comment)
		put_comment(e->m, element->comment);
	nlmsg_nest_end(e->m, nest);
	e->count++;
}

void nft_elements_end(struct nft_elements *e)
{
	if (e->nest)
		message_end(e);
}
