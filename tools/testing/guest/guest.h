/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The functions that scenarios use. The guest is one static program: it boots as PID 1, runs
 * the scenario that the kernel's command line names, and reports test points. A function
 * that tests something by itself says how many points it reports.
 */
#ifndef GUEST_H
#define GUEST_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PAGE	4096UL
#define MIB	(1UL << 20)
#define GIB	(1UL << 30)
#define TIB	(1UL << 40)

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define DEBUGFS			"/sys/kernel/debug"
#define __printf(fmt, args)	__attribute__((format(printf, fmt, args)))

#define WAIT_MS	60000	/* for anything that the guest asks of the kernel */

/* Poll until @condition holds, for at most @limit ms. Returns whether it held. */
#define wait_until(condition, limit)					\
({									\
	bool held_;							\
	int ms_;							\
									\
	for (ms_ = 0; !(held_ = (condition)) && ms_ < (limit); ms_ += 10)	\
		usleep(10000);						\
	held_;								\
})

/*
 * A scenario causes an event that may need a new top-level page-table entry, uses the range
 * afterwards, and reports exactly @plan test points. A process of the scenario may execute
 * /proc/self/exe, which then runs @again.
 */
struct scenario {
	const char *name;
	int plan;
	void (*run)(void);
	int (*again)(void);
};

/*
 * Define a scenario that executes a statement, in guest.c of a folder in
 * tools/testing/scenarios. The linker lists all scenarios from __start_scenarios on.
 */
#define SCENARIO(name, plan, statement)	SCENARIO_AGAIN(name, plan, statement, NULL)
#define SCENARIO_AGAIN(name, plan, statement, again)			\
	DEFINE_SCENARIO(name, plan, statement, again, __LINE__)
#define DEFINE_SCENARIO(...)		DEFINE_SCENARIO_AT(__VA_ARGS__)
#define DEFINE_SCENARIO_AT(name, plan, statement, again, line)		\
	static void run##line(void)					\
	{								\
		statement;						\
	}								\
	static const struct scenario scenario##line = { name, plan, run##line, again };	\
	static const struct scenario *const listed##line		\
		__attribute__((used, section("scenarios"))) = &scenario##line

extern const struct scenario *const __start_scenarios[], *const __stop_scenarios[];

/* report.c: KTAP on a virtio port, with an echo in the kernel log */

void report_start(const struct scenario *scenario);
void report_end(void);
void report_point(bool good, bool needed, const char *fmt, ...) __printf(3, 4);
void report_line(const char *prefix, const char *fmt, ...) __printf(2, 3);

/* Report a test point. need() ends the scenario if it fails: later points depend on it. */
#define ok(good, ...)	report_point(good, false, __VA_ARGS__)
#define need(good, ...)	report_point(good, true, __VA_ARGS__)

/* Add a comment to the report. */
#define note(...)	report_line("# ", __VA_ARGS__)

/* Announce the event and arm faults_before(). A crash before that is not the expected one. */
void trigger(const char *event);

/* End the scenario and report its remaining points as skipped. */
void skip(const char *reason) __attribute__((noreturn));

/* sysfs.c: files of the kernel, mostly with one value each */

/* Format a string into one of 16 buffers, which are used in turn. */
const char *format(const char *fmt, ...) __printf(1, 2);

/* Read the first line of a file, compare it, or convert it to a number: 0 if it is missing. */
bool file_read(const char *path, char *buf, size_t size);
bool file_is(const char *path, const char *text);
unsigned long file_number(const char *path, int base);

bool file_exists(const char *path);
bool file_write(const char *path, const char *text);

/* Wait until a file exists, or until it no longer does. */
bool wait_for_file(const char *path, bool exists);

/* Run the next statement for each @line, an array, of a file. It must not leave the loop. */
#define for_each_line(line, path)					\
	for (FILE *file_ = fopen(path, "re"); next_line(&file_, line, sizeof(line)); )
bool next_line(FILE **file, char *line, size_t size);

/* Run the next statement for each @name in a directory. It must not leave the loop. */
#define for_each_name(name, path)					\
	for (void *dir_ = opendir(path); (name = next_name(&dir_)); )
const char *next_name(void **dir);

/* Open the virtio port @name. Returns -1 if QEMU has no such port. */
int port_open(const char *name);

/* Read the value of pgsync.@name= on the kernel's command line. */
bool param_read(const char *name, char *buf, size_t size);
unsigned long param_number(const char *name, unsigned long otherwise);

/* Skip the scenario if the kernel was built without this module. */
void module_require(const char *name);
bool module_load(const char *name, const char *param);
bool module_unload(const char *name);

/* Open the kernel log, read its next message, or search all messages. */
int kmsg_open(bool at_end);
bool kmsg_read(int fd, char *text, size_t size);
bool kmsg_has(const char *text);

/* process.c: bystanders, which exist before the event and have page tables of their own */

#define BYSTANDERS	4

/* Each runs @use(@arg) when it is told to. If @use is NULL, it only shows that it is alive. */
void bystanders_start(bool (*use)(unsigned long arg));
bool bystanders_use(unsigned long arg);
bool bystander_use(int nr, unsigned long arg);

/* Kill one of them and fork another. */
void bystander_replace(int nr);

/* Read a clock, in nanoseconds. */
unsigned long now(clockid_t clock);

/* Run the calling process on @cpu only. */
bool cpu_pin(int cpu);

/* Fork children that exit at once, one after the other. */
bool fork_children(int count);

/* memory.c: memory blocks by physical address, and their pages */

unsigned long memory_block_size(void);
bool memory_block_exists(unsigned long phys);
bool memory_block_is(unsigned long phys, const char *state);

/* Wait until all blocks of a range exist, or until none does. */
bool memory_wait(unsigned long phys, unsigned long size, bool exists);

/* Set all blocks of a range online or offline. */
bool memory_set(unsigned long phys, unsigned long size, bool online);

/* Have the kernel read the struct pages of a range. */
bool pages_inspect(unsigned long phys, unsigned long size);

/* Allocate and write memory of @node, which has to be between two physical addresses. */
bool pages_fill(int node, unsigned long size, unsigned long start, unsigned long end);

/* Have the kernel read memory of the caller through the direct mapping. KASAN checks that. */
bool pages_read(char *mem, unsigned long size);

/* KiB that the direct mapping maps by pages of @size "4k", "2M" or "1G", or NULL, by any. */
unsigned long direct_map(const char *size);

/* A hash of the resources, the memory blocks and the size of the direct mapping. */
uint64_t memory_hash(void);

/* Wait until the hash is again what it was. */
bool memory_restored(uint64_t hash);

/* Start bystanders that will use a range of @node, which is added later. */
void memory_start(int node, unsigned long phys, unsigned long size);

/*
 * Set this range online, and use its struct pages and @fill bytes of it, here and in the
 * bystanders, which allocate 8 MiB each at most. 3 points.
 */
void memory_use(int round, unsigned long fill);

/* hotplug.c: ways to add and remove memory */

#define PROBE	"/sys/devices/system/memory/probe"

/* Add a block through the file PROBE. It stays offline. */
bool probe_add(unsigned long phys);

/* Returns whether that failed because KASLR leaves no room for the address. */
bool probe_refused(void);

/* Add memory at each address, here and then in the bystanders. 1 + 2 * count points. */
void probe_run(const unsigned long *addresses, int count);

/* Set the RAM of the ACPI device @nr in a machine.asl offline, and eject it. */
bool ram_eject(int nr, unsigned long phys, unsigned long size);

/* Connect to QEMU's monitor, for DIMMs and virtio-mem. 1 point. */
void qmp_open(void);

/* Plug a DIMM into node 1 and wait for its memory. */
bool dimm_plug(int nr, unsigned long phys, unsigned long size);

/* Plug a DIMM of one block into node 0. Returns whether the kernel could add its memory. */
bool dimm_try(int nr, unsigned long phys, unsigned long size);
bool dimm_unplug(int nr, unsigned long phys, unsigned long size);

/* Have the virtio-mem device add or remove memory, and wait until the blocks agree. */
bool vmem_resize(unsigned long phys, unsigned long size, bool add);

/* pmem.c: NVDIMMs, and the device-dax or block device that the kernel makes of one */

#define DISK_BIND	"/sys/bus/nd/drivers/nd_pmem/bind"

struct device {
	const char *name;
	bool (*bind)(bool yes);
	bool (*use)(unsigned long offset);	/* write and read back */
	unsigned long (*last)(void);		/* highest offset */
	unsigned long step;			/* between offsets to use. 0: both ends only */
	bool (*lossy)(void);			/* writes get lost: skip. May be NULL */
};

/*
 * Bind the device, use it here and, at both ends, in the bystanders, unbind it, bind it again,
 * and use it again. 7 points.
 */
void device_run(const struct device *device);

/* Wait until the kernel has probed all namespaces: a driver may take one until then. */
bool nvdimm_settle(void);

/*
 * Configure the NVDIMM @nr as a device-dax with its struct pages in "ram" or "pmem", or as a block
 * device. 3 points. The functions below use the device that was configured last.
 * disk_configure() returns the name to write to DISK_BIND.
 */
void dax_configure(int nr, const char *map);
const char *disk_configure(int nr);

bool dax_bind(bool yes);
void *dax_map(unsigned long offset);
bool dax_use(unsigned long offset);
unsigned long dax_last(void);

/* dax_configure() the first NVDIMM, start bystanders and device_run() it. 10 points. */
void dax_run(const char *map, bool (*lossy)(void));

/* Wait until the block device can be opened, or no longer exists. */
bool disk_wait(bool exists);
bool disk_bind(bool yes);
bool disk_use(unsigned long offset);
unsigned long disk_last(void);

/* hmm.c: test_hmm, which implements device memory as a GPU driver does */

/* Load the module and wait for @device. */
bool hmm_load(const char *device, const char *param);
bool hmm_unload(const char *device);

/* Migrate memory to the device, run @check on it unless NULL, and have it migrate back. */
bool hmm_migrate(const char *device, bool (*check)(char *mem, unsigned long size));

/* The parameters that give test_hmm RAM at these addresses as coherent memory. */
const char *hmm_coherent(unsigned long first, unsigned long second);

/*
 * Twice: load test_hmm with @param, migrate memory to each device and back, here and in the
 * bystanders, and unload the module. 4 points, and 4 for each device.
 */
void hmm_run(const char *const devices[], int count, const char *param,
	     bool (*check)(char *mem, unsigned long size));

/* faults.c: failing allocations */

/* Set up fault injection. 1 point. */
void faults_open(void);

/*
 * Write @text to @path, or load the module @path with parameters @text, while the @nth page
 * allocation of that fails, if not 0. @hit is set if there were as many.
 */
bool faults_write(const char *path, const char *text, int nth, bool *hit);

/*
 * From here to faults_hit(), the @nth page fails that a @function of the kernel allocates,
 * directly or not, in any process. faults_hit() returns whether one failed.
 */
void faults_below(const char *function, int nth);
bool faults_hit(void);

/* A change that is made again and again, with each allocation failing in turn. */
struct attempt {
	const char *kind;	/* what fails: "page" or "object" */
	/* Make the change while the @nth allocation fails, or retry that, with @nth 0. */
	bool (*make)(int nth, bool *hit);
	bool (*undo)(void);	/* before the next change. May be NULL */
	unsigned long size;	/* what the change adds to the direct mapping. 0: no check */
	/* Changes that met a failing allocation, changes that failed, and errors. */
	int hit, refused, unmapped, unrestored, unretried;
	bool endless;
};

/*
 * Make the change with allocation @first failing, then the next, until none does. If the
 * change fails, memory has to be as before, and a retry has to work. Errors are counted.
 */
void faults_each(struct attempt *a, int first);

/* Report the errors, and whether at least @refused changes failed. 4 points, 5 with @size. */
void faults_report(const struct attempt *a, int refused);

/*
 * With pgsync.fail=N, the first write after trigger() that can be undone, or the first
 * module that is loaded, goes through faults_each(), beginning with allocation N: first with
 * pages, then with slab objects. faults_points() is the number of points that this adds.
 * faults_before() copies the strings, as the attempts reuse the buffers of format().
 */
int faults_points(void);
void faults_arm(void);
void faults_before(const char **path, const char **text);

/* toplevel.c: top-level page tables, by x86's dump in debugfs */

/* Skip the scenario if there is no dump. 1 point. */
void toplevel_open(void);

/*
 * Returns whether the tables of the caller and of init_mm have the same entries for kernel
 * addresses. If not, @missing is the address of the first entry that one of them lacks.
 */
bool toplevel_synced(unsigned long *missing);

/* The number of entries that init_mm has, and log2 of the bytes that an entry maps. */
int toplevel_entries(void);
int toplevel_shift(void);

/* results.c: results of other test suites, as notes */

struct results {
	int passed, failed, skipped;
	const char *may_fail;	/* counts as skipped if it fails. May be NULL */
};

void result(struct results *r, const char *verdict, const char *name);

/* Add the result in a line of KTAP. Returns false if the line has none. */
bool result_of_line(struct results *r, const char *suite, const char *line);

/* Returns whether tests passed and none failed. */
bool results_good(const struct results *r, const char *suite);

/* Run a KUnit suite again. Suites that are built in have run at boot. */
bool kunit_run(const char *suite);
bool kunit_has(const char *suite);

/* Note the result of each case. Returns whether cases passed and none failed but @may_fail. */
bool kunit_passed(const char *suite, const char *may_fail);

/* command.c: programs that the scenario declares as "program" or "selftest" */

/* Run a program and pass each line of its output to @handle. Returns its exit code. */
int command_output(void (*handle)(const char *line), const char *const argv[]);

/* Run a program and note its output. Returns whether it exits with 0. */
bool command_run(const char *const argv[]);

/* Let modprobe find the scenario's modules. @builtin lists drivers that need no module. */
bool command_modules(const char *builtin);

#endif /* GUEST_H */
