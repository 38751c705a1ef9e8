// SPDX-License-Identifier: GPL-2.0
/*
 * The functions of a kernel that tools/affected looks at, with what calls what
 * in them, in the variants that compilers and the state of the fix make:
 *
 *	HOOK		x86's hook is there
 *	VMEMMAP		mm/sparse-vmemmap.c uses the helpers
 *	KASAN, STAYS	KASAN is there, and synchronizes behind pud_alloc()
 *	INLINED		the populate functions are in those that call them
 *	OUTLINED	the helper is a function, as with -Os
 *	TAIL		its call of the hook is the last thing it does
 *	SUFFIX		what a compiler has added to the names of functions
 */
typedef unsigned long ulong;

#define FN __attribute__((noinline, noclone, used))
#ifdef INLINED
#define PART static inline __attribute__((always_inline))
#else
#define PART FN
#endif
#ifndef SUFFIX
#define SUFFIX ""
#endif
#define NAMED(name) __asm__(#name SUFFIX)

const char linux_banner[] __attribute__((used)) = "Linux version " VERSION " (test) #1";
ulong init_mm[512], level5;
int start_kernel(void), x86_64_start_kernel(void), arch_add_memory(void), memremap_pages(void);
FN int start_kernel(void) { return level5; }
FN int x86_64_start_kernel(void) { return level5 + 1; }
FN int arch_add_memory(void) { return level5 + 2; }
FN int memremap_pages(void) { return level5 + 3; }
FN ulong take(void) { return ++init_mm[9]; }

#ifdef HOOK
/* Elsewhere, as another file's: a near jump does not do. */
FN __attribute__((section(".text.hook"))) void arch_sync_kernel_mappings(ulong start, ulong end)
{
	init_mm[start & 1] += end;
}
#else
static inline void arch_sync_kernel_mappings(ulong start, ulong end) { }
#endif

#if defined(OUTLINED)
FN static
#else
static inline __attribute__((always_inline))
#endif
void p4d_populate_kernel(ulong addr, ulong *p4d, ulong table)
{
	*p4d = table;
	if (!level5)
		arch_sync_kernel_mappings(addr, addr);
}

#ifdef TAIL
void vmemmap_p4d_populate(ulong *p4d, ulong addr) NAMED(vmemmap_p4d_populate);
PART void vmemmap_p4d_populate(ulong *p4d, ulong addr)
{
	*p4d = take();
#ifdef VMEMMAP
	arch_sync_kernel_mappings(addr, addr);
#endif
}
#else
PART ulong *vmemmap_p4d_populate(ulong *p4d, ulong addr)
#ifdef INLINED
;
#else
NAMED(vmemmap_p4d_populate);
#endif
PART ulong *vmemmap_p4d_populate(ulong *p4d, ulong addr)
{
	if (!*p4d) {
#ifdef VMEMMAP
		p4d_populate_kernel(addr, p4d, take());
#else
		*p4d = take();
#endif
	}
	return p4d;
}
#endif

int vmemmap_populate_compound_pages(ulong a, ulong b) NAMED(vmemmap_populate_compound_pages);
FN int vmemmap_populate_compound_pages(ulong start, ulong end)
{
	for (; start < end; start += 4096)
		vmemmap_p4d_populate(&init_mm[start & 255], start);
	return take();
}

/* x86's own, which is in step with the fix and without it. */
FN static void sync_global_pgds(ulong start, ulong end) { init_mm[3] = start + end; }
FN int vmemmap_populate(ulong start, ulong end)
{
	vmemmap_populate_compound_pages(start, end);
	sync_global_pgds(start, end);
	return take();
}

#ifdef KASAN
FN int __pud_alloc(ulong *mm, ulong *p4d, ulong addr) { *p4d = addr; return take() == mm[7]; }
FN int slab_is_available(void) { return take(); }
int zero_pud_populate(ulong *p4d, ulong addr) NAMED(zero_pud_populate);
FN int zero_pud_populate(ulong *p4d, ulong addr) { return *p4d == addr + take(); }
int zero_p4d_populate(ulong *p4d, ulong addr, ulong end) NAMED(zero_p4d_populate);
FN int zero_p4d_populate(ulong *p4d, ulong addr, ulong end)
{
	do {
		if (!(addr & 0x7fffffffff) && end - addr > 0x7fffffffff) {
			p4d_populate_kernel(addr, p4d, 77);
			init_mm[4] = addr;
			continue;
		}
		if (!*p4d) {
			if (slab_is_available()) {
				if (__pud_alloc(init_mm, p4d, addr))
					return -12;
#ifdef STAYS
				if (!level5)
					arch_sync_kernel_mappings(addr, addr);
#endif
			} else {
				p4d_populate_kernel(addr, p4d, take());
			}
		}
		if (zero_pud_populate(p4d, addr))
			return -12;
	} while (p4d++, (addr += 4096) < end);
	return 0;
}

FN int kasan_populate_early_shadow(ulong start, ulong end)
{
	return zero_p4d_populate(init_mm, start, end);
}
#endif

#ifdef IKCONFIG
__asm__(".section .rodata\n.ascii \"IKCFG_ST\"\n.incbin \"" IKCONFIG "\"\n.ascii \"IKCFG_ED\"\n.text\n");
#endif
