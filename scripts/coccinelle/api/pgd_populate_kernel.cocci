// SPDX-License-Identifier: GPL-2.0-only
///
/// Add top-level page-table entries for kernel addresses by
/// pgd_populate_kernel() and p4d_populate_kernel(). A bare populate of init_mm
/// leaves the page tables that hold a copy of its kernel half without the entry, and
/// so do p4d_alloc() and pud_alloc() of it once there are such tables.
///
// Confidence: High
// Options: --no-includes --include-headers
//
// Keywords: pgd_populate_kernel, p4d_populate_kernel
//

virtual context
virtual patch
virtual org
virtual report

@initialize:python@
@@
import os
import re

# Architectures whose ARCH_PAGE_TABLE_SYNC_MASK has neither level, or that have
# no such mask, are right to populate bare. All other code is for any of them.
def synchronizes(file):
    parts = os.path.relpath(file, os.environ.get("srctree", ".")).split("/")
    if parts[0] == "arch":
        return parts[1] == "x86"
    return parts[0] != "tools"

# What has to populate bare: the helpers, of course, tests that show why, and a
# crash trampoline at an address that is not the kernel's.
bare = {
    "pgd_populate_kernel", "p4d_populate_kernel",
    "pgd_populate_kernel_init", "p4d_populate_kernel_init",
    "pgd_populate_kernel_test", "bare_populate_test",
    "hv_crash_fixup_kernpt",
}

def relevant(p):
    return all(synchronizes(el.file) and el.current_element not in bare for el in p)

# Functions for boot allocate tables before another page table has its copy.
def at_boot(p):
    return all(re.search(r"\b__init\b[^;{}()]*\b%s\(" % re.escape(el.current_element),
                         open(el.file, errors="replace").read()) for el in p)

# Under the lock, the sync has to wait for the unlock: nothing to patch blindly.
held = set()

def patchable(p):
    return relevant(p) and not any((el.file, el.line) in held for el in p)

@bypass@
symbol init_mm;
identifier populate =~ "^(pgd|p4d)_populate(_safe|_init)?$";
position p : script:python() { relevant(p) };
@@

populate@p(&init_mm, ...)

// What allocates a table populates bare, too.
@alloc@
symbol init_mm;
identifier table =~ "^(p4d|pud)_alloc$";
position p : script:python() { relevant(p) and not at_boot(p) };
@@

table@p(&init_mm, ...)

@locked depends on bypass@
symbol init_mm;
identifier populate;
position bypass.p, q;
@@

spin_lock(&init_mm.page_table_lock);
... when != spin_unlock(&init_mm.page_table_lock);
populate@p@q(&init_mm, ...);

@script:python@
q << locked.q;
@@

held.update((el.file, el.line) for el in q)

@r depends on context@
symbol init_mm;
identifier populate;
position bypass.p;
@@

* populate@p(&init_mm, ...)

@depends on context@
symbol init_mm;
identifier table;
position alloc.p;
@@

* table@p(&init_mm, ...)

// The address is the one that the function is given, or that it counts up.
@param depends on patch@
symbol init_mm;
identifier f, addr =~ "^v?addr(ess)?$";
expression pgd, p4d, pud;
position p : script:python() { patchable(p) };
@@

f(..., unsigned long addr, ...)
{
<+...
(
- pgd_populate@p(&init_mm, pgd, p4d)
+ pgd_populate_kernel(addr, pgd, p4d)
|
- p4d_populate@p(&init_mm, p4d, pud)
+ p4d_populate_kernel(addr, p4d, pud)
)
...+>
}

@local depends on patch@
symbol init_mm;
identifier f, addr =~ "^v?addr(ess)?$";
expression pgd, p4d, pud;
position p : script:python() { patchable(p) };
@@

f(...)
{
...
unsigned long addr;
<+...
(
- pgd_populate@p(&init_mm, pgd, p4d)
+ pgd_populate_kernel(addr, pgd, p4d)
|
- p4d_populate@p(&init_mm, p4d, pud)
+ p4d_populate_kernel(addr, p4d, pud)
)
...+>
}

// A file that calls the helpers now gets them from where they are.
@calls depends on patch@
identifier helper =~ "^(pgd|p4d)_populate_kernel$";
position p : script:python() { synchronizes(p[0].file) };
@@

helper@p(...)

@depends on calls@
@@

- #include <asm/pgalloc.h>
+ #include <linux/pgalloc.h>

@script:python depends on report@
p << bypass.p;
@@

coccilib.report.print_report(p[0], "WARNING: page tables are not synchronized, use {pgd,p4d}_populate_kernel(), without init_mm.page_table_lock")

@script:python depends on report@
p << alloc.p;
@@

coccilib.report.print_report(p[0], "WARNING: page tables are not synchronized, use {p4d,pud}_alloc_track() and arch_sync_kernel_mappings()")

@script:python depends on org@
p << bypass.p;
@@

coccilib.org.print_todo(p[0], "WARNING: page tables are not synchronized, use {pgd,p4d}_populate_kernel(), without init_mm.page_table_lock")

@script:python depends on org@
p << alloc.p;
@@

coccilib.org.print_todo(p[0], "WARNING: page tables are not synchronized, use {p4d,pud}_alloc_track() and arch_sync_kernel_mappings()")
