/*
 * Preloaded into a build: another time, and folders in another order.
 *
 * The clock is more than a year ahead, and a folder's entries come last first.  What
 * of it shows in the result of a build is not the same from one machine to the next.
 * Times of files are what they are: make lives on them.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#define AHEAD_S (400L * 24 * 60 * 60)
/* As many as a process reads at the same time: find(1) opens one in another. */
#define FOLDERS 256

#define NEXT(name) ((__typeof__(name) *)dlsym(RTLD_NEXT, #name))

static struct folder {
	DIR *dir;
	struct dirent64 **entries;
	size_t left;
} folders[FOLDERS];

int clock_gettime(clockid_t clock, struct timespec *now)
{
	int status = NEXT(clock_gettime)(clock, now);

	if (status == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		now->tv_sec += AHEAD_S;
	return status;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	int status = NEXT(gettimeofday)(now, zone);

	if (status == 0)
		now->tv_sec += AHEAD_S;
	return status;
}

time_t time(time_t *at)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (at)
		*at = now.tv_sec;
	return now.tv_sec;
}

static struct folder *folder_of(DIR *dir)
{
	for (size_t i = 0; i < FOLDERS; i++)
		if (folders[i].dir == dir)
			return &folders[i];
	return NULL;
}

static void read_all(struct folder *folder, DIR *dir)
{
	struct dirent64 *entry;

	*folder = (struct folder){ .dir = dir };
	while ((entry = NEXT(readdir64)(dir))) {
		folder->entries = realloc(folder->entries, (folder->left + 1) * sizeof(entry));
		folder->entries[folder->left] = malloc(entry->d_reclen);
		memcpy(folder->entries[folder->left++], entry, entry->d_reclen);
	}
}

/* What was read is not given back: the processes of a build are short. */
struct dirent64 *readdir64(DIR *dir)
{
	struct folder *folder = folder_of(dir);

	if (!folder) {
		folder = folder_of(NULL);
		if (!folder)
			abort();
		read_all(folder, dir);
	}
	return folder->left ? folder->entries[--folder->left] : NULL;
}

/* On 64 bits the two are the same. */
struct dirent *readdir(DIR *dir)
{
	return (struct dirent *)readdir64(dir);
}

static void forget(DIR *dir)
{
	struct folder *folder = folder_of(dir);

	if (folder)
		folder->dir = NULL;
}

int closedir(DIR *dir)
{
	forget(dir);
	return NEXT(closedir)(dir);
}

void rewinddir(DIR *dir)
{
	forget(dir);
	NEXT(rewinddir)(dir);
}
