/*
 * The kernel's settings for the board's network, which are also those that every
 * service's begins with.
 *
 * Sources: the kernel's Documentation/networking/ip-sysctl.rst and ipv6.rst.
 */
#ifndef PITH_NETWORK_SETTINGS_H
#define PITH_NETWORK_SETTINGS_H

#include <stdbool.h>

/* It may be left out of the kernel, or be switched off on its command line:
 * "ipv6.disable=1", or for all interfaces "ipv6.disable_ipv6=1". */
bool network_has_ipv6(void);

/* Before there is any network namespace but this one.  Says what fails. */
void network_set(bool ipv6);

/* How many connections the firewall remembers, and for how long.  Once it is loaded. */
void network_set_flows(void);

/* Lets packets pass between interfaces; only the firewall decides which.  In IPv4 those
 * of an interface that comes later, a service's among them, do not. */
void network_forward(bool ipv6);
void network_stop_forwarding(bool ipv6);

/* Unless network_forward() was: nothing. */
void network_forward_from(const char *interface);

#endif
