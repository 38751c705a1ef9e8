/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines of healthy kernels that look like a splat. A pattern has to match where the splat
 * matches, or with "^" at the start of the line. Each row needs a line in
 * tools/testing/tests/judge.data/healthy.
 */

	/* The kernel prints its command line. */
	"^Kernel command line: ",
	"^Command line: ",
	"^Unknown kernel command line parameters ",
	/* Boot loaders may place the kernel at another alignment than the EFI stub expects. */
	"^EFI stub: ERROR: FIRMWARE BUG: ",
	/* The firmware reports an error of an earlier boot. */
	"[Hardware Error]: Skipped ",
	/* A leak may remain undetected, but none is reported. */
	"ref_tracker: memory allocation failure, unreliable",
	/* Media drivers print this if the PCI bridge lacks 32-bit DMA. */
	"Oops: no 32bit PCI DMA",
