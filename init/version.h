/*
 * The version that /init names on the console and by --version.
 */
#ifndef PITH_VERSION_H
#define PITH_VERSION_H

#define PITH_VERSION "0.1"

#endif
