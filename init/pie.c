/*
 * Where a position-independent /init lies, from its own ELF header.  Refuses to
 * know what is in it: the linker says what is to be read-only, as PT_GNU_RELRO.
 */
#include "pie.h"

#include <link.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#include "config.h"

/* The linker's: the first byte and the one after the last. */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));
extern const char _end[] __attribute__((visibility("hidden")));

void pie_protect(void)
{
	const uintptr_t base = (uintptr_t)&__ehdr_start;
	const uintptr_t page = ~(getauxval(AT_PAGESZ) - 1);
	const ElfW(Phdr) *row = (const void *)(base + __ehdr_start.e_phoff);

	if (!IS_ENABLED(CONFIG_STATIC_PIE))
		return;
	for (unsigned left = __ehdr_start.e_phnum; left; left--, row++) {
		uintptr_t start = (base + row->p_vaddr) & page;
		uintptr_t end = (base + row->p_vaddr + row->p_memsz) & page;

		if (row->p_type == PT_GNU_RELRO)
			mprotect((void *)start, end - start, PROT_READ);
	}
}

uint64_t pie_address(uint64_t address)
{
	const uintptr_t base = (uintptr_t)&__ehdr_start;

	if (!IS_ENABLED(CONFIG_STATIC_PIE))
		return address;
	return address >= base && address < (uintptr_t)_end ? address - base : address;
}
