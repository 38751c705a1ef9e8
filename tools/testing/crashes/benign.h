/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines that look like a splat but come from healthy kernels. A pattern has to match where
 * the splat matched, or with "^" at the start of the line. Each row has a line in
 * tools/testing/tests/judge.data/healthy.
 */

	/* The kernel repeats what it was told. */
	"^Kernel command line: ",
	"^Command line: ",
	"^Unknown kernel command line parameters ",
	/* Boot loaders do not align the kernel as the EFI stub wants it. */
	"^EFI stub: ERROR: FIRMWARE BUG: ",
	/* The firmware tells of the boot before this one. */
	"[Hardware Error]: Skipped ",
	/* A leak may be missed, and is not there. */
	"ref_tracker: memory allocation failure, unreliable",
	/* Media drivers, of a PCI bridge that lacks 32-bit DMA */
	"Oops: no 32bit PCI DMA",
