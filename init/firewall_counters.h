/*
 * Where the firewall counts: the sets whose elements have a counter, and a comment
 * that says what is counted (table/firewall.h).  The one thing about the firewall
 * that build machine and client have to agree upon.
 */
#ifndef PITH_FIREWALL_COUNTERS_H
#define PITH_FIREWALL_COUNTERS_H

#define FIREWALL_TABLE "pith"	/* of families inet and bridge */

#define FIREWALL_ALLOW4 "allow4"
#define FIREWALL_ALLOW6 "allow6"
#define FIREWALL_OUTSIDE4 "outside4"
#define FIREWALL_OUTSIDE6 "outside6"
#define FIREWALL_REFUSED4 "refused4"
#define FIREWALL_REFUSED6 "refused6"
#define FIREWALL_BOARD_ALLOW4 "board_allow4"
#define FIREWALL_BOARD_ALLOW6 "board_allow6"
#define FIREWALL_BOARD_REFUSED4 "board_refused4"
#define FIREWALL_BOARD_REFUSED6 "board_refused6"
#define FIREWALL_PUBLISHED "published"
#define FIREWALL_PUBLISHED_OWN "published_own"
#define FIREWALL_PUBLISHED_HERE "published_here"
#define FIREWALL_REFUSED "refused"
#define FIREWALL_SPOOFED "spoofed"

/* A set without rows is not there. */
#define FIREWALL_COUNTING(X) \
	X(NFPROTO_INET, FIREWALL_ALLOW4) \
	X(NFPROTO_INET, FIREWALL_ALLOW6) \
	X(NFPROTO_INET, FIREWALL_OUTSIDE4) \
	X(NFPROTO_INET, FIREWALL_OUTSIDE6) \
	X(NFPROTO_INET, FIREWALL_REFUSED4) \
	X(NFPROTO_INET, FIREWALL_REFUSED6) \
	X(NFPROTO_INET, FIREWALL_BOARD_ALLOW4) \
	X(NFPROTO_INET, FIREWALL_BOARD_ALLOW6) \
	X(NFPROTO_INET, FIREWALL_BOARD_REFUSED4) \
	X(NFPROTO_INET, FIREWALL_BOARD_REFUSED6) \
	X(NFPROTO_INET, FIREWALL_PUBLISHED) \
	X(NFPROTO_INET, FIREWALL_PUBLISHED_OWN) \
	X(NFPROTO_INET, FIREWALL_PUBLISHED_HERE) \
	X(NFPROTO_INET, FIREWALL_REFUSED) \
	X(NFPROTO_INET, FIREWALL_SPOOFED) \
	X(NFPROTO_BRIDGE, FIREWALL_SPOOFED)

#endif
