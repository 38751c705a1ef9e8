/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The lines of a KTAP report, as the guest writes and the judge reads them, and the prefix
 * of their echo on the console.
 */
#ifndef KTAP_H
#define KTAP_H

#define KTAP_VERSION	"KTAP version 1"
#define KTAP_PLAN	"1.."		/* number of test points */
#define KTAP_OK		"ok"		/* " N title" */
#define KTAP_NOT_OK	"not ok"
#define KTAP_SKIP	"# SKIP"	/* in place of a title: " reason" */
#define KTAP_NOTE	"# "
#define KTAP_SCENARIO	KTAP_NOTE "scenario: "
#define KTAP_TRIGGER	KTAP_NOTE "trigger: "
#define KTAP_BAIL	"Bail out!"
#define KTAP_TAINTED	KTAP_NOTE "tainted: "	/* /proc/sys/kernel/tainted at the end */
/* "A of N reported, F failed": the guest reached its end. */
#define KTAP_END	KTAP_NOTE "end: "
#define KTAP_END_OF	" of "
#define KTAP_END_REPORTED " reported, "
#define KTAP_END_FAILED	" failed"

#define KTAP_ECHO	"pgsync: "

#endif
