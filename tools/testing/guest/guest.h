/* SPDX-License-Identifier: GPL-2.0 */
#ifndef GUEST_H
#define GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A scenario is one event that may need a new top-level page-table entry, and
 * what is done with the range afterwards. It reports exactly @plan test points.
 */
struct scenario {
	const char *name;
	int plan;
	void (*run)(void);
	int (*again)(void);
};

/*
 * Each guest.c below tools/testing/scenarios defines scenarios with these. The linker lists
 * them between __start_scenarios and __stop_scenarios.
 */
#define SCENARIO(name, points, function)	SCENARIO_AGAIN(name, points, function, NULL)

/* A scenario whose processes may execute /proc/self/exe, which then runs @other. */
#define SCENARIO_AGAIN(name, points, function, other)			\
	DEFINE_SCENARIO(name, points, function, other, __LINE__)
#define DEFINE_SCENARIO(...)		DEFINE_SCENARIO_AT(__VA_ARGS__)
#define DEFINE_SCENARIO_AT(name, points, function, other, line)		\
	static const struct scenario scenario##line = { name, points, function, other };	\
	static const struct scenario *const listed##line			\
		__attribute__((used, section("scenarios"))) = &scenario##line

extern const struct scenario *const __start_scenarios[], *const __stop_scenarios[];

#define MIB	(1UL << 20)
#define GIB	(1UL << 30)
#define TIB	(1UL << 40)

/* init.c mounts it, where the kernel has it. */
#define DEBUGFS	"/sys/kernel/debug"

/* How long the kernel may take for what is asked of it. */
#define WAIT_MS	60000

/* report.c: KTAP on a port of its own, and an echo on the console. */
void report_start(const struct scenario *scenario);
void report_end(void);
void note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A test point, and one without which the rest makes no sense. */
void ok(bool good, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void need(bool good, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Say that the event comes next: what crashes before this is another bug. */
void trigger(const char *what);

/* End the scenario as skipped: @why names what is missing. */
void skip(const char *why) __attribute__((noreturn));

/*
 * bystander.c: processes made before the event, with page tables of their own.
 * Each runs @look(@arg) when it is told to, and answers whether all was well.
 * bystander_look() tells one of them; bystander_renew() ends one, and makes another
 * in its place.
 */
#define BYSTANDERS	4
void bystanders_start(bool (*look)(unsigned long arg));
bool bystanders_look(unsigned long arg);
bool bystander_look(int nr, unsigned long arg);
void bystander_renew(int nr);

/*
 * nvdimm.c: make a "dax" or "pfn" device of the NVDIMM @nr, 0 or 1, with its map in
 * "ram" or "pmem"; 3 points. The answer is its name, by which a driver is bound to it.
 * nvdimm_settled() waits until no namespace is being probed: what is set of one before
 * may have a driver take it.
 */
bool nvdimm_settled(void);
const char *nvdimm_configure(int nr, const char *kind, const char *map);

/*
 * dax.c: bind it as device-dax, with its map in "ram" or "pmem"; 10 points. @hollow
 * says why it is skipped where the device keeps nothing, unless that is a failure.
 * dax_look() writes and reads back the 2 MiB at an offset.
 * probe.c: add memory at @addresses; a point, and two for each of them. dimm.c: plug a
 * DIMM at @phys, twice; 13 points.
 */
void dax_run(const char *map, const char *hollow);
bool dax_look(unsigned long offset);
void probe_run(const unsigned long *addresses, int count);
void dimm_run(unsigned long phys);

/*
 * Their steps. dax_end() is the last offset of dax_look(). Each DIMM has a number;
 * dimm_plug_ends() waits for what the kernel says, not for memory, and is for one of a
 * block's size, of the first node. probe_add() has memory of a block's size stay offline.
 */
void dax_configure(int nr, const char *map);
bool dax_bind(bool yes);
unsigned long dax_end(void);
bool probe_add(unsigned long phys);
bool probe_refused(void);
bool dimm_plug(int nr, unsigned long phys, unsigned long size);
bool dimm_plug_ends(int nr, unsigned long phys, unsigned long size);
bool dimm_unplug(int nr, unsigned long phys, unsigned long size);

/*
 * eject.c: the RAM that is the machine's memory device @nr, put offline and ejected; and
 * the scenario of that, 9 points, or 10 and that of faults_open() with the function that
 * @fails then.
 */
bool ram_eject(int nr, unsigned long phys, unsigned long size);
void eject_run(const char *fails);

/* vmem.c: ask virtio-mem for that much memory, and wait for it. */
bool vmem_request(unsigned long size);
bool vmem_gives(unsigned long size);

/* sysfs.c */
bool file_exists(const char *path);
bool wait_for_file(const char *path, bool there);
bool file_write(const char *path, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool file_read(const char *path, char *buf, size_t size);
bool file_is(const char *path, const char *text);
unsigned long file_number(const char *path, int base);
int port_open(const char *name);
/* The word behind "pgsync.@name=" of the kernel's command line. */
bool param_read(const char *name, char *buf, size_t size);
unsigned long param_number(const char *name, unsigned long normal);

/*
 * blocks.c: memory blocks by physical address. memory_is_there() waits for all
 * blocks of a range to come or to go; the others want whole blocks, too.
 */
unsigned long memory_block_size(void);
bool memory_block_set(unsigned long phys, const char *state);
bool memory_block_is(unsigned long phys, const char *state);
bool memory_is_there(unsigned long phys, unsigned long size, bool yes);
bool memory_online(unsigned long phys, unsigned long size);
bool memory_offline(unsigned long phys, unsigned long size);

/*
 * qmp.c: QEMU's monitor. qmp_open() reports a point; qmp_ask() leaves the answer of
 * a command in @answer; qmp_line() the next answer or event.
 */
void qmp_open(void);
bool qmp_run(const char *command);
bool qmp_ask(const char *command, char *answer, size_t size);
bool qmp_line(char *text, size_t size);

/*
 * hmm.c: load test_hmm and wait for @device; have memory migrate there, and, unless
 * NULL, @look at it, before it is faulted back. hmm_read() is such a look: the kernel
 * reads it through the direct mapping, for process_vm_readv().
 */
bool hmm_load(const char *device, const char *param);
bool hmm_unload(const char *device);
bool hmm_look(const char *device, unsigned long size,
	      bool (*look)(char *mem, unsigned long size));
bool hmm_read(char *mem, unsigned long size);

/*
 * faults.c: write @text to @path, where the @nth page that this allocates cannot be
 * had, if not 0; @hit is whether it took as many. faults_open() reports a point. Behind
 * faults_atomic_only(), pages do not count that the kernel could wait for.
 * From faults_below() to faults_hit(), that is the @nth page that a @function of the kernel
 * allocates, or what it calls, in whichever process.
 * direct_map() is the memory that the direct mapping has, in KiB, by pages of @size, "4k",
 * "2M" or "1G", or all of it, NULL; memory_sum() a hash of
 * that, of the resources and of the memory blocks, which memory_is_as_before() waits for.
 */
void faults_open(void);
bool faults_atomic_only(void);
void faults_below(const char *function, int nth);
bool faults_hit(void);
bool faults_write(const char *path, const char *text, int nth, bool *hit);
unsigned long direct_map(const char *size);
uint64_t memory_sum(void);
bool memory_is_as_before(uint64_t before);

/*
 * With pgsync.fail=N: trigger() arms, and the next write that can be taken back, or the
 * next module that is loaded, is made where each allocation fails once. faults_points()
 * of the report are about that.
 */
int faults_points(void);
void faults_arm(void);
void faults_before_write(const char *path, const char *text);
void faults_before_load(const char *path, const char *param);

/*
 * kmsg.c: the kernel's log from its start, or its end; the next line of it; and whether a
 * line has @text.
 */
int kmsg_open(bool at_end);
bool kmsg_read(int fd, char *text, size_t size);
bool kmsg_has(const char *text);

/*
 * results.c: points of tests that are not ours, as notes. result_of_line() is false where
 * there is none in the line; results_good() where one failed, or none passed. The one
 * that @may_fail counts as skipped then.
 */
struct results {
	int passed, failed, skipped;
	const char *may_fail;
};

void result(struct results *r, const char *verdict, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
bool result_of_line(struct results *r, const char *suite, const char *line);
bool results_good(const struct results *r, const char *suite);

/*
 * kunit.c: KUnit's suites; kunit_passed() notes the result of each case, of which one
 * @may_fail, unless it is NULL.
 */
bool kunit_has(const char *suite);
bool kunit_run(const char *suite);
bool kunit_passed(const char *suite, const char *may_fail);

/*
 * command.c: programs of the userland that the scenario's folder asks for. command_see()
 * shows each line that one says, and its exit code; command_run() notes them, and is
 * whether it was 0. command_modules() makes the scenario's modules known to modprobe, and
 * what is @builtin, a path in each line.
 */
int command_see(void (*see)(const char *line), const char *const argv[]);
bool command_run(const char *const argv[]);
bool command_modules(const char *builtin);

/* module.c */
bool module_load(const char *name, const char *param);
bool module_unload(const char *name);

/*
 * toplevel.c: toplevel_open() reports a point. Does the caller's top-level table have
 * the entries for kernel addresses that init_mm's has? If not, @missing is the address
 * where the first begins that one of them lacks. toplevel_entries() are init_mm's,
 * each for 1 << toplevel_shift() bytes.
 */
void toplevel_open(void);
bool toplevel_is_right(unsigned long *missing);
int toplevel_entries(void);
int toplevel_shift(void);

/*
 * disk.c: write and read back the block at an offset into the pmem device, past
 * the page cache; disk_end() is the offset of its last block; disk_wait() until it
 * can be opened; disk_bind() has @device be one, or no more.
 */
#define DISK	"/dev/pmem0"
bool disk_bind(const char *device, bool yes);
bool disk_wait(void);
bool disk_look(unsigned long offset);
unsigned long disk_end(void);

/* pages.c: reach page frames from the page tables of the caller. */
bool pages_inspect(unsigned long phys, unsigned long size);
bool pages_fill_node(int node, unsigned long size, unsigned long from,
		     unsigned long to);
/* Both: of the memory at @phys that is @node's, write @fill bytes. */
bool pages_use(int node, unsigned long phys, unsigned long size,
	       unsigned long fill);

#endif /* GUEST_H */
