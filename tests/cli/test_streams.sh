#!/bin/sh
# SPDX-License-Identifier: MIT
# Data on standard output, all else on standard error; --json prints one document; colour only on request.
. "$(dirname "$0")/support.sh"

"$undulith" init line_space >job.toml || fail 'init to standard output'

accepted_json --json run job.toml --out a
accepted_json run job.toml --out b --json
accepted_json check job.toml --json
accepted_json explain --json
accepted_json explain imaging.na --json
accepted_json explain --schema
accepted_json doctor --json
accepted_json materials --json
accepted_json materials Mo --json --wavelength-nm 13.4
accepted_json multilayer --json --set mask.stack.n_bilayers=20
accepted_json pattern line_space -o lines.gds --json
accepted_json layout lines.gds --json
accepted_json init --json
accepted_json init line_space --json

accepted '|' explain --guide
accepted 'Mo' materials
accepted 'peak_wavelength_nm' multilayer
accepted 'fit: reached' multilayer --fit-peak-nm 13.4
refused 2 'add --fit-peak-nm' multilayer --fit-fwhm-nm 0.5
refused 2 'nowhere.toml' multilayer nowhere.toml
run multilayer --fit-peak-nm 13.5 --fit-reflectance 0.9
[ "$status" = 1 ] || fail "a peak that no mirror has: exit code $status, expected 1"
accepted 'undulith' doctor
accepted 'LINE_SPACE' layout lines.gds --cell LINE_SPACE
refused 2 'lines.gds' pattern line_space -o lines.gds
accepted '' pattern line_space -o lines.gds --force --pitch-nm 40 --width-nm 20

# A full disk is no success.
if [ -w /dev/full ]; then
  status=0
  "$undulith" explain >/dev/full 2>stderr || status=$?
  [ "$status" = 4 ] || fail "standard output on a full disk: exit code $status, expected 4"
fi

# Escape sequences only when asked for: neither stream is a terminal here.
run run job.toml --out a --force --verbose
grep -q "$(printf '\033')" "$scratch/stdout" "$scratch/stderr" && fail 'colour without a terminal'
grep -q 'undulith: info:' "$scratch/stderr" || fail '--verbose says nothing'
run run job.toml --out a --force --verbose --color always
grep -q "$(printf '\033')" "$scratch/stderr" || fail 'no colour with --color always'
grep -q "$(printf '\033')" "$scratch/stdout" && fail 'colour in the data'
finish
