# SPDX-License-Identifier: GPL-2.0
#
# make help names the targets. The work is done by the scripts in tools/.

.DEFAULT_GOAL := help
.PHONY: help boot control cell list which affected series export check check-all bench clean
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

# What is given to make goes to the tools as arguments. What stands in the
# environment only is not heard.
SETTINGS := SERIES BASE KDIR CONFIG KASAN KMSAN KMSAN_CC LEVELS SCENARIO ACCEL
quote = '$(subst ','\'',$(1))'
given = $(foreach s,$(1),$(if $(filter command,$(origin $(s))),$(call quote,$(s)=$(value $(s)))))
text = $(if $(filter command,$(origin $(1))),$(call quote,$(value $(1))),'')

# The folders that have the file of the pattern.
names = $(notdir $(patsubst %/,%,$(dir $(wildcard $(1)))))

unknown := $(filter-out $(SETTINGS) CELL OUT PAIRS VMLINUX MAP JSON,$(foreach v,$(MAKEOVERRIDES), \
	$(if $(findstring =,$(v)),$(firstword $(subst =, ,$(v))))))
ifneq ($(unknown),)
$(error no such setting: $(unknown); make help names them)
endif

help:
	@echo 'Targets:'
	@echo '  boot       build BASE with the series, boot it, and say whether the series works'
	@echo '  control    the same boots without the series: the crashes have to come'
	@echo '  cell       one boot, with all that it needs: CELL=v6.12/core/lean/4/dax'
	@echo '  list       the cells of make check-all, one in a line'
	@echo '  which      what is a tree, and which of patches/core fits it: KDIR='
	@echo '  affected   is a kernel affected, by which crash? KDIR=, VMLINUX= or this machine'
	@echo '  series     write the series for a tree that none of patches/core fits: KDIR= OUT='
	@echo '  export     write patches/core/v* anew, from its rules, words and series'
	@echo '  check      the tests, and the boots that say most for their time'
	@echo '  check-all  the tests and the whole matrix; takes hours'
	@echo '  bench      measure adding memory with and without the hardening series'
	@echo '  clean      remove what is in build/'
	@echo
	@echo 'Settings, as in "make boot BASE=v6.1 KASAN=y":'
	@echo '  SERIES     core (default), or another of patches:' $(filter-out core,$(call names,patches/*/series))
	@echo '  BASE       v6.12 (default), or another package:' $(filter-out v6.12,$(notdir $(wildcard tools/kernel/packages/*)))
	@echo '  KDIR       a kernel tree of your own instead; it is not modified'
	@echo '  CONFIG     lean (default, tinyconfig and what the boots need) or defconfig'
	@echo '  KASAN      y or n (default)'
	@echo '  KMSAN      y or n (default): clang, an 80-byte struct page, crash subpmd'
	@echo '  KMSAN_CC   clang-19 (default), or another clang for it'
	@echo '  LEVELS     4, 5 or both (default) levels of page tables'
	@echo '  SCENARIO   only one of' $(call names,tools/testing/scenarios/*/boots)
	@echo '  ACCEL      kvm or tcg; kvm where the CPU has what it takes'

boot:
	@tools/testing/boot $(call given,$(SETTINGS)) after

control:
	@tools/testing/boot $(call given,$(SETTINGS)) before

cell:
	@tools/testing/boot $(call given,$(SETTINGS)) $(call text,CELL)

list:
	@tools/testing/list $(call given,LEVELS SCENARIO)

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
	@tools/testing/check all

bench:
	@tools/bench/bench $(call given,PAIRS)

clean:
	@[ ! -d build ] || find build/ -mindepth 1 -delete
	@[ -L build ] || rm -rf build
