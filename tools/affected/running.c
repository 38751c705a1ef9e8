// SPDX-License-Identifier: GPL-2.0
/*
 * Find the image of the running kernel. Distributions keep it in many places, and an
 * update may have replaced it since boot, so compare its version.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "affected.h"

/* Below the root, with "@" for the release, the most likely first. */
static const char *const places[] = {
	"boot/vmlinuz-@", "usr/lib/modules/@/vmlinuz", "lib/modules/@/vmlinuz",
	/* kernel-install, by machine id, and unified kernel images */
	"{boot,efi,boot/efi}/*/@/linux*", "{boot,efi,boot/efi}/EFI/Linux/*@*.efi",
	"usr/lib/modules/@/*.efi", "lib/modules/@/*.efi",
	/* Gentoo, OpenWrt, ostree, NixOS, and uncompressed images */
	"boot/kernel-@", "boot/kernel-*-@", "boot/bzImage-@", "boot/vmlinux-@",
	"boot/ostree/*/vmlinuz-@", "usr/lib/ostree-boot/vmlinuz-@*",
	"run/booted-system/kernel", "run/current-system/kernel",
	/* Arch and Alpine do not have the release in the name. */
	"boot/vmlinuz", "boot/vmlinuz-*", "boot/kernel", "boot/bzImage", "vmlinuz",
	"{boot,efi,boot/efi}/EFI/Linux/*.efi", "boot/EFI/nixos/*.efi",
	"usr/lib/kernel/*@*", "usr/lib/modules/@/vmlinux",
	"{efi,boot/efi}/{vmlinuz-*,EFI/*/vmlinuz*}",
	"snap/pc-kernel/*/kernel.efi", "run/mnt/ubuntu-boot/EFI/ubuntu/kernel.efi",
	"{boot,efi,boot/efi}/EFI/BOOT/*.[eE][fF][iI]",
	/* Build trees and debug packages */
	"lib/modules/@/build/{arch/x86/boot/bzImage,vmlinux}", "usr/lib/debug/boot/vmlinux-@",
	"usr/lib/debug/{lib,usr/lib}/modules/@/vmlinux", "usr/lib/debug/vmlinux-@",
};

static const char *root, *release, *refused;
static struct kernel best;	/* the first answer that does not show the state */

/* Use the map of the release, if the image is stripped. */
static bool with_map(struct kernel *k, const char *path)
{
	const char *map = text("%s/boot/System.map-%s", root, release);

	return look_at_image(k, path, access(map, R_OK) ? NULL : map, NULL);
}

/* Has the file been tried under another name? */
static bool tried(const char *path)
{
	static struct stat *files;
	static size_t nr;
	struct stat st;
	size_t i;

	if (stat(path, &st))
		return true;
	for (i = 0; i < nr; i++)
		if (files[i].st_dev == st.st_dev && files[i].st_ino == st.st_ino)
			return true;
	files = need(realloc(files, (nr + 1) * sizeof(*files)));
	files[nr++] = st;
	return false;
}

/* Find a file that matches @pattern and shows the state of the fix. */
static bool try(struct kernel *k, const char *pattern)
{
	glob_t files = matches(root, pattern);
	struct kernel before;
	const char *path;
	size_t i;

	for (i = 0; i < files.gl_pathc; i++) {
		path = files.gl_pathv[i];
		before = *k;
		if (tried(path) || !attempt(k, with_map, path, &refused))
			continue;
		note(k, "looked at the code of %s", path);
		if (k->state != UNCLEAR)
			return true;
		if (!best.evidence)
			best = *k;
		*k = before;
	}
	return false;
}

/*
 * BOOT_IMAGE= is the boot loader's path: "(hd0,gpt2)/vmlinuz-6.1" from its own
 * partition, or "/@/boot/vmlinuz-6.1" from the subvolumes of a file system. Try it
 * below the root and below /boot, then without its first folder, and so on.
 */
static bool try_boot_image(struct kernel *k, const char *cmdline)
{
	const char *at = cmdline;
	char *path;

	while (at && strncmp(at, "BOOT_IMAGE=", 11))
		at = strchr(at, ' ') ? strchr(at, ' ') + 1 : NULL;
	if (!at)
		return false;
	at += 11;
	if (*at == '(')
		at += strcspn(at, ") \n") + (at[strcspn(at, ") \n")] == ')');
	path = literal(text("%.*s", (int)strcspn(at, " \n"), at));
	for (; path && *(path += strspn(path, "/")); path = strchr(path, '/'))
		if (try(k, text("{,boot/}%s", path)))
			return true;
	return false;
}

/* Where the kernels of a file system or an unpacked package are. */
static const char installed[] =
	"{boot/{vmlinuz,kernel,bzImage}-*,{,usr/}lib/modules/*/vmlinuz,{boot,efi,boot/efi}/EFI/Linux/*.efi,vmlinuz*}";

/* The paths, which NULL ends. A directory with kernels is replaced by these, each once. */
const char *const *expand(const char *const *paths)
{
	const char **all = NULL;
	size_t nr = 0, i;
	glob_t files;

	for (; *paths; paths++) {
		files = matches(*paths, installed);
		all = need(realloc(all, (nr + files.gl_pathc + 2) * sizeof(*all)));
		for (i = 0; i < files.gl_pathc; i++)
			if (!tried(files.gl_pathv[i]))
				all[nr++] = files.gl_pathv[i];
		if (!files.gl_pathc)
			all[nr++] = *paths;
	}
	/* If all that was found is a dangling link, name what was given. */
	if (!nr)
		all[nr++] = paths[-1];
	all[nr] = NULL;
	return all;
}

/* Look at the image of the running kernel, whose version @k->version is. */
bool running_image(struct kernel *k, const char *from, const char *of, const char *cmdline)
{
	const char *at;
	char *pattern;
	size_t i;

	root = from;
	release = of;
	if (try_boot_image(k, cmdline))
		return true;
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		pattern = text("%s", "");
		for (at = places[i]; *at; at++)
			pattern = *at == '@' ? text("%s%s", pattern, literal(release)) :
				  text("%s%c", pattern, *at);
		if (try(k, pattern))
			return true;
	}
	if (best.evidence)
		*k = best;
	else
		k->evidence = refused;
	return best.evidence;
}
