// SPDX-License-Identifier: GPL-2.0
/*
 * Find the image of the running kernel. Distributions keep it in many places, and an
 * update may have replaced it since boot, so compare its version.
 */
#define _GNU_SOURCE
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "affected.h"

/* Below the root, with "@" for the release. The likely ones come first. */
static const char *const places[] = {
	"boot/vmlinuz-@", "usr/lib/modules/@/vmlinuz", "lib/modules/@/vmlinuz",
	/* kernel-install, by the machine's id, and unified kernel images */
	"boot/*/@/linux*", "efi/*/@/linux*", "boot/efi/*/@/linux*",
	"boot/EFI/Linux/*@*.efi", "efi/EFI/Linux/*@*.efi", "boot/efi/EFI/Linux/*@*.efi",
	"usr/lib/modules/@/*.efi", "lib/modules/@/*.efi",
	/* Gentoo, OpenWrt, ostree, NixOS, and uncompressed ones */
	"boot/kernel-@", "boot/kernel-*-@", "boot/bzImage-@", "boot/vmlinux-@",
	"boot/ostree/*/vmlinuz-@", "usr/lib/ostree-boot/vmlinuz-@*",
	"run/booted-system/kernel", "run/current-system/kernel",
	/* Arch and Alpine have no release in the name. */
	"boot/vmlinuz", "boot/vmlinuz-*", "boot/kernel", "boot/bzImage", "vmlinuz",
	"boot/EFI/Linux/*.efi", "efi/EFI/Linux/*.efi", "boot/efi/EFI/Linux/*.efi",
	"boot/EFI/nixos/*.efi", "usr/lib/kernel/*@*", "usr/lib/modules/@/vmlinux",
	"efi/vmlinuz-*", "boot/efi/vmlinuz-*", "efi/EFI/*/vmlinuz*", "boot/efi/EFI/*/vmlinuz*",
	"snap/pc-kernel/*/kernel.efi", "run/mnt/ubuntu-boot/EFI/ubuntu/kernel.efi",
	"boot/EFI/BOOT/*.[eE][fF][iI]", "efi/EFI/BOOT/*.[eE][fF][iI]",
	"boot/efi/EFI/BOOT/*.[eE][fF][iI]",
	/* Where it was built, and debug packages */
	"lib/modules/@/build/arch/x86/boot/bzImage", "lib/modules/@/build/vmlinux",
	"usr/lib/debug/boot/vmlinux-@", "usr/lib/debug/lib/modules/@/vmlinux",
	"usr/lib/debug/usr/lib/modules/@/vmlinux", "usr/lib/debug/vmlinux-@",
};

#define MAX_FILES 256	/* that are tried */

static const char *root, *release, *refused;

/* Escape @name so that glob() matches it literally. */
static char *literal(const char *name)
{
	char *copy = need(malloc(2 * strlen(name) + 1)), *to = copy;

	for (; *name; name++) {
		if (strchr("*?[]\\", *name))
			*to++ = '\\';
		*to++ = *name;
	}
	*to = '\0';
	return copy;
}

/* The map that belongs to the release, if the image is stripped. */
static bool with_map(struct kernel *k, const char *path)
{
	char *map = text("%s/boot/System.map-%s", root, release);
	struct buffer probe;

	return look_at_image(k, path, slurp(map, &probe) ? map : NULL, NULL);
}

/* Does the image show the state of the fix? If not, keep the first answer in @best. */
static bool tells(struct kernel *k, const char *path, struct kernel *best)
{
	const struct kernel before = *k;

	if (!attempt(k, with_map, path, &refused))
		return false;
	note(k, "looked at the code of %s", path);
	if (k->state != IN_DOUBT)
		return true;
	if (!best->evidence)
		*best = *k;
	*k = before;
	return false;
}

/* Has the file been tried by another name? */
static bool tried(const char *path)
{
	static struct stat files[MAX_FILES];
	static size_t nr;
	struct stat st;
	size_t i;

	if (stat(path, &st))
		return true;
	for (i = 0; i < nr; i++)
		if (files[i].st_dev == st.st_dev && files[i].st_ino == st.st_ino)
			return true;
	if (nr == MAX_FILES)
		return true;
	files[nr++] = st;
	return false;
}

static bool try(struct kernel *k, const char *pattern, struct kernel *best)
{
	bool found = false;
	glob_t files;
	size_t i;

	if (glob(pattern, 0, NULL, &files))
		return false;
	for (i = 0; i < files.gl_pathc && !found; i++)
		found = !tried(files.gl_pathv[i]) && tells(k, files.gl_pathv[i], best);
	globfree(&files);
	return found;
}

/*
 * BOOT_IMAGE= is the boot loader's path: "(hd0,gpt2)/vmlinuz-6.1" from its own
 * partition, or "/@/boot/vmlinuz-6.1" from the subvolumes of a file system. Try it
 * below the root and below /boot, then without its first folder, and so on.
 */
static bool try_boot_image(struct kernel *k, const char *cmdline, struct kernel *best)
{
	const char *at = cmdline;
	char *path, *name;

	while (at && strncmp(at, "BOOT_IMAGE=", 11))
		at = strchr(at, ' ') ? strchr(at, ' ') + 1 : NULL;
	if (!at)
		return false;
	at += 11;
	if (*at == '(')
		at += strcspn(at, ") \n") + (at[strcspn(at, ") \n")] == ')');
	path = text("%.*s", (int)strcspn(at, " \n"), at);
	for (name = path; name; name = strchr(name, '/')) {
		name += strspn(name, "/");
		if (!*name)
			break;
		if (try(k, text("%s/%s", literal(root), literal(name)), best) ||
		    try(k, text("%s/boot/%s", literal(root), literal(name)), best))
			return true;
	}
	return false;
}

/* Look at the image of the kernel that runs, whose version @k->version is. */
bool running_image(struct kernel *k, const char *from, const char *of, const char *cmdline)
{
	struct kernel best = { .evidence = NULL };
	const char *at;
	size_t i;

	root = from;
	release = of;
	if (try_boot_image(k, cmdline, &best))
		return true;
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char *pattern = text("%s/", literal(root));

		for (at = places[i]; *at; at++)
			pattern = *at == '@' ? text("%s%s", pattern, literal(release)) :
				  text("%s%c", pattern, *at);
		if (try(k, pattern, &best))
			return true;
	}
	if (best.evidence)
		*k = best;
	else
		k->evidence = refused;
	return best.evidence;
}
