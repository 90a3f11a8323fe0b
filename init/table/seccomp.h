/*
 * The services' system call filters: decided and compiled here, and written as
 * arrays of the table.  Services with the same program share one.
 */
#ifndef PITH_TABLE_SECCOMP_H
#define PITH_TABLE_SECCOMP_H

#include <stdio.h>

#include "spec.h"

/* Fills filter of every service that has one, and filters.  What stands in
 * SECCOMP_CALLS and is no system call is an error; spec->arch has to be one of
 * those that seccomp_calls.h knows. */
void check_seccomp(struct spec *spec);

/* The programs, before the rows that point to them. */
void seccomp_write_filters(const struct spec *spec, FILE *to);

/* The fields of a row. */
void seccomp_write_fields(const struct spec *spec, const struct service_spec *service, FILE *to);

/* What a fingerprint covers: the program itself, not its place in the table. */
void seccomp_write_content(const struct spec *spec, const struct service_spec *service, FILE *to);

#endif
