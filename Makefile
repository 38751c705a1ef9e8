# SPDX-License-Identifier: GPL-2.0
#
# make help names the targets. The work is done by the scripts in tools/.

ifeq ($(wildcard tools/lib.sh),)
$(error the tools are not here: run make -C "$(strip $(subst /Makefile,,$(MAKEFILE_LIST)))")
endif

.DEFAULT_GOAL := help
.PHONY: help menuconfig config olddefconfig boot reproduce test shell debug dump list which affected series export check check-all soak arches mutants bench results report compare clean
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

# Kconfig declares the settings. What is given to make goes to the tools as
# arguments. What stands in the environment only is not heard.
SETTINGS := $(shell sed -n 's/^config //p' Kconfig)
define newline


endef
quote = $(if $(findstring $(newline),$(1)),$(error no setting may have a newline in it))'$(subst ','\'',$(1))'
given = $(foreach s,$(1),$(if $(filter command,$(origin $(s))),$(call quote,$(s)=$(value $(s)))))
text = $(if $(filter command,$(origin $(1))),$(call quote,$(value $(1))),'')

# The folders that have the file of the pattern.
names = $(notdir $(patsubst %/,%,$(dir $(wildcard $(1)))))

# What each target hears. A setting that it does not would be lost without a word.
HEARS_boot := $(SETTINGS)
HEARS_reproduce := $(SETTINGS)
HEARS_test := $(SETTINGS) TEST
HEARS_check-all := HOSTS SLURM
HEARS_soak := N SEED TREE SERIES CONFIG SCENARIO HOSTS SLURM ACCEL
HEARS_mutants := MUTANT FIND
HEARS_shell := TEST KDIR KMSAN_CC ACCEL
HEARS_debug := $(HEARS_shell)
HEARS_dump := $(HEARS_shell)
HEARS_list := LEVELS SCENARIO
HEARS_which := KDIR
HEARS_affected := KDIR VMLINUX MAP JSON
HEARS_series := KDIR OUT
HEARS_arches := ARCH
HEARS_bench := PAIRS
HEARS_results := RUN JUNIT JSON KTAP
HEARS_report := RUN
HEARS_compare := OLD NEW
hears := $(foreach goal,$(MAKECMDGOALS),$(HEARS_$(goal)))

# Names of the last release.
renamed = $(if $(filter $(1),$(MAKECMDGOALS) $(foreach v,$(MAKEOVERRIDES),$(firstword $(subst =, ,$(v))))), \
	$(error $(1) is now called $(2)))
$(call renamed,control,reproduce: make reproduce)
$(call renamed,cell,test: make test TEST=)
$(call renamed,CELL,TEST: make test TEST=)
$(call renamed,BASE,TREE)

unknown := $(filter-out $(hears),$(foreach v,$(MAKEOVERRIDES), \
	$(if $(findstring =,$(v)),$(firstword $(subst =, ,$(v))))))
ifneq ($(unknown),)
$(error no such setting of make $(MAKECMDGOALS): $(unknown); make help names them)
endif

help:
	@echo 'Targets:'
	@echo '  boot       build TREE with the series, boot it, and say whether the series works'
	@echo '  reproduce  the same boots without the series: the crashes have to come'
	@echo '  test       one boot, with all that it needs: TEST=v6.12/core/lean/4/dax'
	@echo '  shell      the same kernel and machine, with a shell on the terminal: TEST='
	@echo '  debug      the same with symbols, waiting for gdb: TEST='
	@echo '  dump       the memory at the end of a boot, for crash or drgn: TEST='
	@echo '  list       the tests of make check-all, one in a line'
	@echo '  which      what is a tree, and which of patches/core fits it: KDIR='
	@echo '  affected   is a kernel affected, by which crash? KDIR=, VMLINUX= or this machine'
	@echo '  series     write the series for a tree that none of patches/core fits: KDIR= OUT='
	@echo '  export     write patches/core/v* anew, from its rules, words and series'
	@echo '  check      the tests, and the boots that say most for their time'
	@echo '  check-all  the tests and the whole matrix; takes hours'
	@echo '  soak       boots at random, and how often they crash: N=20 SEED='
	@echo '  arches     build and boot other architectures, for their KUnit tests: ARCH="arm64 s390x/kasan"'
	@echo '  mutants    defects of the series, one by one: is each caught? MUTANT= for one'
	@echo '  report     the last run as a page to look at, and as text: RUN= for an earlier one'
	@echo '  results    the same for a CI system: JUNIT=file.xml, JSON=file.json (KCIDB), KTAP=file'
	@echo '  compare    what passes and fails in the run NEW= that did not in OLD='
	@echo '  menuconfig set the settings for good, in .config'
	@echo '  bench      measure adding memory with and without the hardening series'
	@echo '  clean      remove what is in build/'
	@echo
	@echo 'Settings, as in "make boot TREE=v6.1 KASAN=y", or for good by make menuconfig:'
	@awk '/^config / { name = $$2 } \
		/^\t(string|bool) "/ { sub(/^[^"]*"/, ""); sub(/"$$/, ""); printf "  %-10s %s\n", name, $$0 } \
		/^\tdefault / { sub(/^[^"]*/, ""); printf "%13sdefault %s\n", "", $$0 }' Kconfig
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

menuconfig config olddefconfig:
	@tools/settings $@

boot:
	@tools/testing/run-tests SAVED=y $(call given,$(SETTINGS)) boot

reproduce:
	@tools/testing/run-tests SAVED=y $(call given,$(SETTINGS)) reproduce

test:
	@tools/testing/run-tests $(call given,$(SETTINGS)) $(call text,TEST)

shell dump:
	@tools/testing/debug $(call given,KDIR KMSAN_CC ACCEL) $@ $(call text,TEST)

debug:
	@tools/testing/debug $(call given,KDIR KMSAN_CC ACCEL) gdb $(call text,TEST)

list:
	@tools/testing/plan $(call given,LEVELS SCENARIO)

which:
	@tools/kernel/which $(call text,KDIR)

affected:
	@tools/affected/ask $(call given,KDIR VMLINUX MAP JSON)

series:
	@tools/kernel/export $(call text,OUT) $(call text,KDIR)

export:
	@tools/kernel/export

check:
	@tools/testing/check

check-all:
	@tools/testing/check $(call given,HOSTS SLURM) all

soak:
	@tools/testing/soak $(call given,N SEED TREE SERIES CONFIG SCENARIO HOSTS SLURM ACCEL)

arches:
	@tools/testing/arches $(if $(filter command,$(origin ARCH)),$(foreach a,$(ARCH),$(call quote,$(a))))

mutants:
	@tools/testing/mutate $(call given,FIND) all $(if $(filter command,$(origin MUTANT)),$(call text,MUTANT))

bench:
	@tools/bench/bench $(call given,PAIRS)

results:
	@tools/results/results $(call given,RUN JUNIT JSON KTAP)

report:
	@tools/results/results REPORT=y $(call given,RUN)

compare:
	@tools/results/results $(call given,OLD NEW)

clean:
	@[ ! -L build ] || [ ! -d build ] || [ -e build/.pgsync ] || [ -z "$$(ls -A build/)" ] || \
		{ echo 'build is a link to a directory that is not ours alone: empty it yourself' >&2; exit 1; }
	@[ ! -d build ] || find build/ -mindepth 1 -delete
	@[ -L build ] || rm -rf build
