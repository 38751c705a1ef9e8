/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What has the words of a splat, and that healthy kernels print. A pattern matches where the
 * splat's does; one with "^" is of a whole line, by how it begins. Each row has a
 * line in tools/testing/tests/judge.data/healthy.
 */

	/* The kernel repeats what it was told. */
	"^Kernel command line: ",
	"^Command line: ",
	"^Unknown kernel command line parameters ",
	/* Boot loaders do not align the kernel as the EFI stub wants it. */
	"^EFI stub: ERROR: FIRMWARE BUG: ",
	/* Media drivers, of a PCI bridge that lacks 32-bit DMA */
	"Oops: no 32bit PCI DMA",
