# SPDX-License-Identifier: GPL-2.0
#
# make help lists the targets. The programs in tools/ do the work.

ifeq ($(wildcard tools/lib.sh),)
$(error the tools are not here: run make -C "$(strip $(subst /Makefile,,$(MAKEFILE_LIST)))")
endif

.DEFAULT_GOAL := help
.PHONY: help menuconfig olddefconfig boot reproduce test shell debug dump bundle list which affected oops series submit export releases check check-all range soak arches mutants bench runs results report compare clean
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

# Kconfig declares the settings. Those given to make are passed to the tools as arguments;
# environment variables are ignored.
SETTINGS := $(shell sed -n 's/^config //p' Kconfig)
define newline


endef
quote = $(if $(findstring $(newline),$(1)),$(error no setting may have a newline in it))'$(subst ','\'',$(1))'
given = $(foreach s,$(1),$(if $(filter command,$(origin $(s))),$(call quote,$(s)=$(value $(s)))))
text = $(if $(filter command,$(origin $(1))),$(call quote,$(value $(1))),'')

# The folders that contain a file that matches the pattern.
names = $(notdir $(patsubst %/,%,$(dir $(wildcard $(1)))))

# The settings of each target. Others are refused.
RESULTS := JUNIT JSON KTAP
SETTINGS_boot := $(SETTINGS) $(RESULTS) SHARD
SETTINGS_reproduce := $(SETTINGS_boot)
SETTINGS_test := $(SETTINGS) $(RESULTS) TEST
SETTINGS_check-all := HOSTS SLURM
SETTINGS_range := KDIR FROM TO SCENARIO LEVELS CONFIG KASAN KMSAN KMSAN_CC ACCEL
SETTINGS_soak := N SEED TREE SERIES CONFIG SCENARIO HOSTS SLURM ACCEL
SETTINGS_mutants := MUTANT
SETTINGS_shell := TEST KDIR KMSAN_CC ACCEL
SETTINGS_debug := $(SETTINGS_shell)
SETTINGS_dump := $(SETTINGS_shell)
SETTINGS_bundle := TEST OUT URL KDIR KMSAN_CC ACCEL
LISTED := SERIES TREE KDIR KERNEL MODULES CONFIG KASAN KMSAN SHARD
SETTINGS_list := LEVELS SCENARIO $(LISTED)
SETTINGS_which := KDIR
SETTINGS_affected := KDIR ROOT VMLINUX MAP V STRICT JSON
SETTINGS_oops := LOG JSON
SETTINGS_series := KDIR OUT
SETTINGS_submit := SERIES KDIR OUT
SETTINGS_releases := TREES
SETTINGS_arches := ARCH
SETTINGS_bench := PAIRS
SETTINGS_results := RUN $(RESULTS)
SETTINGS_report := RUN
SETTINGS_compare := OLD NEW
allowed := $(foreach goal,$(MAKECMDGOALS),$(SETTINGS_$(goal)))

# Names of the last release.
renamed = $(if $(filter $(1),$(MAKECMDGOALS) $(foreach v,$(MAKEOVERRIDES),$(firstword $(subst =, ,$(v))))), \
	$(error $(1) is now called $(2)))
$(call renamed,control,reproduce: make reproduce)
$(call renamed,cell,test: make test TEST=)
$(call renamed,CELL,TEST: make test TEST=)
$(call renamed,BASE,TREE)

unknown := $(filter-out $(allowed),$(foreach v,$(MAKEOVERRIDES), \
	$(if $(findstring =,$(v)),$(firstword $(subst =, ,$(v))))))
ifneq ($(unknown),)
$(error no such setting of make $(MAKECMDGOALS): $(unknown); make help names them)
endif

help:
	@echo 'Targets:'
	@echo '  boot       apply a series, build the kernel, boot it in QEMU, check the results'
	@echo '  reproduce  the same without the series: the expected crashes must occur'
	@echo '  test       one test and all that it needs: TEST=v6.12/core/lean/4/dax'
	@echo '  shell      the kernel and machine of a test, with a shell (x86_64): TEST= KDIR='
	@echo '  debug      the same, waiting for gdb: TEST='
	@echo '  dump       rebuild with symbols, run the test, dump its memory for crash or drgn: TEST='
	@echo '  bundle     write a test to a folder, with a program that boots it elsewhere and a LAVA job: TEST= OUT= URL='
	@echo '  list       all boots of make check-all, or those of make boot with its settings, and their outcomes'
	@echo '  which      does a tree have the fix, and which directories of patches/ fit it? KDIR='
	@echo '  affected   is a kernel affected? KDIR=, VMLINUX= [MAP=], ROOT= or this machine; V=1, STRICT=1, JSON=1'
	@echo '  oops       is the crash in a log one of those that the series fix? LOG=FILE or LOG=-, JSON=1'
	@echo '  series     write the core series for a tree that no directory fits: KDIR= OUT='
	@echo '  submit     prepare a series for posting, with your sign-off; sends nothing: SERIES=kasan KDIR= OUT='
	@echo '  export     write patches/core/v* from its rules and changelogs'
	@echo '  releases   try patches/core/v* on released kernels and record the result: TREES="DIR DIR@TAG"'
	@echo '  check      self-tests of tools and patches, and the most telling boots'
	@echo '  check-all  all self-tests and all boots; takes hours; HOSTS= or SLURM= use other machines'
	@echo '  range      which commit broke it? boots each commit that touches a file of the series: KDIR= FROM= TO= SCENARIO= ...'
	@echo '  soak       random boots, and their crash rate: N=20 SEED= SCENARIO= ...'
	@echo '  arches     build and boot other architectures for their KUnit tests: ARCH="arm64 s390x/kasan"'
	@echo '  mutants    deliberate mistakes in the series: is each one caught? MUTANT= for one'
	@echo '  report     the last run as a page and as text: RUN= for an earlier one'
	@echo '  runs       the runs so far, with their outcome and command'
	@echo '  results    write the last run for a CI system: JUNIT=file.xml, JSON=file.json (KCIDB), KTAP=file; RUN= for an earlier one'
	@echo '  compare    tests whose result differs between run NEW= and run OLD=, by default the last one of the same command'
	@echo '  menuconfig save settings in .config; olddefconfig completes an old one'
	@echo '  bench      measure adding memory on mainline, with x86-populate and with preallocate: PAIRS=5'
	@echo '  clean      remove build/, with all trees, kernels and results'
	@echo
	@echo 'Settings of boot and reproduce, as in "make boot TREE=v6.1 KASAN=y", or saved by make menuconfig:'
	@awk '/^config / { name = $$2 } \
		/^\t(string|bool) "/ { sub(/^[^"]*"/, ""); sub(/"$$/, ""); printf "  %-10s %s\n", name, $$0 } \
		/^\tdefault / { sub(/^[^"]*/, ""); printf "%13sdefault %s\n", "", $$0 }' Kconfig
	@echo '  Not saved: SHARD=1/4, the first of four parts of the tests, and JUNIT=, JSON= and KTAP=, files for the results'
	@echo
	@echo 'Series:   ' $(call names,patches/*/series.conf)
	@echo 'Packages: ' $(notdir $(wildcard tools/kernel/packages/*))
	@echo
	@echo 'Scenarios:'
	@awk 'function show() { if (what != "") printf "  %-16s %s\n", name, what; what = "" } \
		FNR == 1 { show(); split(FILENAME, path, "/"); name = path[4] } \
		$$1 == "scenario" { show(); name = $$2 } \
		sub(/^what /, "") { what = $$0 } \
		END { show() }' tools/testing/scenarios/*/scenario.conf

menuconfig olddefconfig:
	@tools/settings $@

boot reproduce:
	@tools/testing/run-tests SAVED=y $(call given,$(SETTINGS_$@)) $@

test:
	@tools/testing/run-tests $(call given,$(filter-out TEST,$(SETTINGS_$@))) $(call text,TEST)

shell dump:
	@tools/testing/debug $(call given,$(filter-out TEST,$(SETTINGS_$@))) $@ $(call text,TEST)

debug:
	@tools/testing/debug $(call given,$(filter-out TEST,$(SETTINGS_$@))) gdb $(call text,TEST)

bundle:
	@tools/testing/bundle $(call given,$(filter-out TEST,$(SETTINGS_$@))) $(call text,TEST)

list:
	@tools/testing/$(if $(strip $(call given,$(LISTED))),run-tests SAVED=y BOOT=list $(call given,$(SETTINGS_$@)) boot,plan $(call given,$(SETTINGS_$@)))

which:
	@tools/kernel/which $(call text,KDIR)

affected:
	@tools/affected/ask $(call given,$(SETTINGS_$@))

oops:
	@tools/oops/oops $(call given,$(SETTINGS_$@))

series:
	@tools/kernel/export $(call text,OUT) $(call text,KDIR)

submit:
	@tools/kernel/submit $(call given,$(SETTINGS_$@))

export:
	@tools/kernel/export

releases:
	@tools/kernel/releases $(if $(filter command,$(origin TREES)),$(foreach t,$(TREES),$(call quote,$(t))))

check:
	@tools/testing/check

check-all:
	@tools/testing/check $(call given,$(SETTINGS_$@)) all

range:
	@tools/testing/range $(call given,$(SETTINGS_$@))

soak:
	@tools/testing/soak $(call given,$(SETTINGS_$@))

arches:
	@tools/testing/arches $(if $(filter command,$(origin ARCH)),$(foreach a,$(ARCH),$(call quote,$(a))))

mutants:
	@tools/testing/try-mutants $(if $(filter command,$(origin MUTANT)),$(call text,MUTANT))

bench:
	@tools/bench/bench $(call given,$(SETTINGS_$@))

results:
	@tools/results/results $(call given,$(SETTINGS_$@))

runs:
	@tools/results/results RUNS=y

report:
	@tools/results/results REPORT=y $(call given,$(SETTINGS_$@))

compare:
	@tools/results/results OLD=previous $(call given,$(SETTINGS_$@))

clean:
	@[ ! -L build ] || [ ! -d build ] || [ -e build/.pgsync ] || [ -z "$$(ls -A build/)" ] || \
		{ echo 'build is a link to a directory that other programs use too: empty it yourself' >&2; exit 1; }
	@[ ! -d build ] || find build/ -mindepth 1 -delete
	@[ -L build ] || rm -rf build
