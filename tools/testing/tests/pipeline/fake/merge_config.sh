#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# merge_config.sh -m -O OBJ OBJ/.config FRAGMENT..., for the fake kernel.
out=$3
shift 3
cat "$@" | grep -E '^CONFIG_|^# CONFIG_.* is not set' >"$out/.config.new"
mv "$out/.config.new" "$out/.config"
