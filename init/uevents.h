/*
 * The kernel's word that a device has come or gone: a socket of
 * NETLINK_KOBJECT_UEVENT, netlink(7).  What the messages say does not matter here,
 * and any that did not fit were preceded by one that did.
 */
#ifndef PITH_UEVENTS_H
#define PITH_UEVENTS_H

/* A close-on-exec fd that is readable when there was a message, or -errno. */
int uevents_open(void);

/* Takes the messages that are there, or at least many of them. */
void uevents_drain(int fd);

#endif
