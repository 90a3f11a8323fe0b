/*
 * Numbers as people write them.  Decides what a number is; its range is the
 * caller's.
 */
#include "number.h"

#include <errno.h>

int number_parse(const char *text, size_t length, uint64_t *number)
{
	uint64_t sum = 0;

	if (!length)
		return -EINVAL;
	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -EINVAL;
	}
	for (size_t i = 0; i < length; i++) {
		if (__builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_add_overflow(sum, (uint64_t)(text[i] - '0'), &sum))
			return -ERANGE;
	}
	*number = sum;
	return 0;
}

int number_parse_scaled(const char *text, size_t length, uint64_t *number)
{
	static const struct {
		char letter;
		unsigned int shift;
	} scales[] = { { 'K', 10 }, { 'M', 20 }, { 'G', 30 } };
	unsigned int shift = 0;
	int error;

	for (size_t i = 0; length && i < sizeof(scales) / sizeof(scales[0]); i++)
		if (text[length - 1] == scales[i].letter)
			shift = scales[i].shift;
	error = number_parse(text, length - !!shift, number);
	if (!error && *number > UINT64_MAX >> shift)
		return -ERANGE;
	if (!error)
		*number <<= shift;
	return error;
}
