// SPDX-License-Identifier: GPL-2.0-only
///
/// Add top-level page-table entries for kernel addresses by
/// pgd_populate_kernel() and p4d_populate_kernel(). After any other populate of
/// init_mm, page tables made before may lack the entry. p4d_alloc() and the like
/// populate init_mm in the same way, which is right only at boot.
///
/// This does not find a table or mm that comes from another function or from a
/// structure, an entry that is assigned directly, and an __init function that an
/// initcall calls.
///
// Confidence: Moderate
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

POPULATE = "WARNING: page tables are not synchronized, use {pgd,p4d}_populate_kernel(), without init_mm.page_table_lock"
ALLOC = "WARNING: page tables are not synchronized, use {p4d,pud}_alloc_track() and arch_sync_kernel_mappings()"

# These have to populate without a sync: the helpers, tests of them, a trampoline
# that Hyper-V uses after a crash, at an address that is not the kernel's, and the
# firmware of OLPC, which 32-bit kernels map early at boot.
BARE = {
    "pgd_populate_kernel", "p4d_populate_kernel",
    "pgd_populate_kernel_init", "p4d_populate_kernel_init",
    "pgd_populate_kernel_test", "bare_populate_test",
    "hv_crash_fixup_kernpt", "setup_olpc_ofw_pgd",
}

# How code spells an entry of init_mm's top-level table.
ENTRY = re.compile(r"pgd_offset_k\(|pgd_offset_pgd\((init_mm\.pgd|swapper_pg_dir|init_top_pgt),|"
                   r"&?(init_mm\.pgd|swapper_pg_dir|init_top_pgt)[+[]")

values = {}       # (file, function, variable) -> expressions that it is set to
found = {}        # (file, line, column) -> message
held = set()      # calls with init_mm.page_table_lock held

def where(el):
    return (el.file, el.line, el.column)

# Architectures other than x86 copy no PGD or P4D entries, or fill them at boot.
# Generic code runs on all of them.
def synchronizes(file):
    parts = os.path.relpath(file, os.environ.get("srctree", ".")).split("/")
    if parts[0] == "arch":
        return parts[1] == "x86"
    return parts[0] != "tools"

def relevant(el):
    # As macros, the helpers are in no function.
    return (synchronizes(el.file) and el.current_element not in BARE and
            not os.path.normpath(el.file).endswith("include/linux/pgalloc.h"))

# __init functions run before other page tables exist, unless they are an initcall.
def at_boot(el):
    name = re.escape(el.current_element)
    text = open(el.file, errors="replace").read()
    return (re.search(r"\b__init\b[^;{}()]*\b%s\(" % name, text) and
            not re.search(r"^\s*(\w*initcall\w*|module_init)\(\s*%s\s*\)" % name, text, re.M))

# What of init_mm the expression points to, as far as this function shows it: "mm", "pgd",
# "p4d" or None.
def kind(p, expression, seen=()):
    text = expression.replace(" ", "")
    if text == "&init_mm":
        return "mm"
    if ENTRY.match(text):
        return "pgd"
    call = re.match(r"(pgd|p4d)_offset\((.+),", text)
    if call:
        above = kind(p, call.group(2), seen)
        return {"pgdmm": "pgd", "p4dpgd": "p4d"}.get("%s%s" % (call.group(1), above))
    if text in seen:
        return None
    for value in values.get((p[0].file, p[0].current_element, text), ()):
        what = kind(p, value, seen + (text,))
        if what:
            return what
    return None

def check(p, function, first):
    el = p[0]
    what = kind(p, first)
    if not what or not relevant(el):
        return
    if function.startswith("set_"):
        if what == function[4:]:
            found[where(el)] = POPULATE
    elif what == "mm":
        if "populate" in function:
            found[where(el)] = POPULATE
        elif not at_boot(el):
            found[where(el)] = ALLOC

def is_found(p):
    return all(where(el) in found for el in p)

def patchable(p):
    return is_found(p) and not any(where(el) in held for el in p)

@set@
type T;
identifier x;
expression value;
position p;
@@

(
T *x@p = value;
|
x@p = value
)

@script:python@
p << set.p;
x << set.x;
value << set.value;
@@

values.setdefault((p[0].file, p[0].current_element, x), []).append(value)

@call@
identifier f =~ "^((pgd|p4d)_populate(_safe|_init)?|set_(pgd|p4d)|(__)?(p4d|pud)_alloc|get_locked_pte)$";
expression first;
position p;
@@

f@p(first, ...)

@script:python@
p << call.p;
f << call.f;
first << call.first;
@@

check(p, f, first)

@locked depends on patch@
symbol init_mm;
identifier f =~ "^(pgd|p4d)_populate";
position p;
@@

spin_lock(&init_mm.page_table_lock);
... when != spin_unlock(&init_mm.page_table_lock);
f@p(&init_mm, ...);

@script:python@
p << locked.p;
@@

held.update(where(el) for el in p)

@depends on context@
identifier f;
position p : script:python() { is_found(p) };
@@

* f@p(...)

// The address is the one that the function is given, or that it counts up.
@depends on patch@
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

@depends on patch@
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
p << call.p;
@@

if is_found(p):
    coccilib.report.print_report(p[0], found[where(p[0])])

@script:python depends on org@
p << call.p;
@@

if is_found(p):
    coccilib.org.print_todo(p[0], found[where(p[0])])
