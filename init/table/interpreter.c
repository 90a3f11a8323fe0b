/*
 * What a program needs to be started: "#!" lines and ELF's PT_INTERP, of
 * either word size.  A missing loader makes exec say ENOENT about a program
 * that is plainly there; here it gets its name.
 */
#include "interpreter.h"

#include <elf.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* As much of a script's first line as the kernel reads (BINPRM_BUF_SIZE). */
#define LINE_SIZE 256

/* Of either word size, what is needed of a program header. */
struct segment {
	uint64_t type, offset, bytes;
};

static bool read_at(FILE *file, uint64_t offset, void *to, size_t size)
{
	return offset <= LONG_MAX && !fseek(file, (long)offset, SEEK_SET) &&
	       fread(to, size, 1, file) == 1;
}

static bool read_segment(FILE *file, bool wide, uint64_t offset, struct segment *segment)
{
	Elf32_Phdr narrow_header;
	Elf64_Phdr wide_header;

	if (wide && read_at(file, offset, &wide_header, sizeof(wide_header))) {
		*segment = (struct segment){ wide_header.p_type, wide_header.p_offset,
					     wide_header.p_filesz };
		return true;
	}
	if (!wide && read_at(file, offset, &narrow_header, sizeof(narrow_header))) {
		*segment = (struct segment){ narrow_header.p_type, narrow_header.p_offset,
					     narrow_header.p_filesz };
		return true;
	}
	return false;
}

static const char *interpreter_of_elf(struct arena *arena, FILE *file)
{
	union {
		unsigned char ident[EI_NIDENT];
		Elf32_Ehdr narrow;
		Elf64_Ehdr wide;
	} header;
	bool wide;
	uint64_t offset;
	unsigned int count, size;
	char path[PATH_MAX] = "";

	if (!read_at(file, 0, &header.narrow, sizeof(header.narrow)))
		return NULL;
	wide = header.ident[EI_CLASS] == ELFCLASS64;
	if (wide && !read_at(file, 0, &header.wide, sizeof(header.wide)))
		return NULL;
	offset = wide ? header.wide.e_phoff : header.narrow.e_phoff;
	count = wide ? header.wide.e_phnum : header.narrow.e_phnum;
	size = wide ? header.wide.e_phentsize : header.narrow.e_phentsize;

	for (unsigned int i = 0; i < count; i++) {
		struct segment segment;

		if (!read_segment(file, wide, offset + (uint64_t)i * size, &segment))
			return NULL;
		if (segment.type != PT_INTERP)
			continue;
		if (!segment.bytes || segment.bytes >= sizeof(path) ||
		    !read_at(file, segment.offset, path, segment.bytes))
			return NULL;
		return arena_copy(arena, path, strlen(path));
	}
	return NULL;
}

static const char *interpreter_of_script(struct arena *arena, const char *line)
{
	const char *path = line + 2 + strspn(line + 2, " \t");

	return arena_copy(arena, path, strcspn(path, " \t\n"));
}

const char *interpreter_of(struct arena *arena, const char *path, bool *of_script)
{
	FILE *file = fopen(path, "re");
	char start[LINE_SIZE + 1] = "";
	const char *found = NULL;

	*of_script = false;
	if (!file)
		return NULL;
	if (fread(start, 1, LINE_SIZE, file) >= 4 || *start) {
		*of_script = !strncmp(start, "#!", 2);
		if (*of_script)
			found = interpreter_of_script(arena, start);
		else if (!memcmp(start, ELFMAG, SELFMAG))
			found = interpreter_of_elf(arena, file);
	}
	fclose(file);
	return found && *found == '/' ? found : NULL;
}
