#!/bin/sh
# SPDX-License-Identifier: MIT
# What the thickness of a mask does, from the command line.
. "$(dirname "$0")/support.sh"

write_spaces_job
refused 2 'no films, so they have no thickness' -q mask job.toml --out given
sed 's/^amplitudes = "given"/amplitudes = "film_stack"/; /^open_amplitude/d; /^absorber_amplitude/d' job.toml >thick.toml
coarse='--set mask.solver.direction_step_deg=10'

# shellcheck disable=SC2086
accepted 'best_focus_nils_nm of all: 3-D' -q mask thick.toml $coarse --out plain
for file in orders.csv gauges.csv through_focus.csv through_pitch.csv poles.csv swing.csv mask.txt mask.json job.resolved.toml \
  mask_orders.png mask_through_focus.png mask_through_pitch.png mask_swing.png; do
  [ -s "plain/$file" ] || fail "no $file"
done
cmp -s plain/mask.txt "$scratch/stdout" || fail 'mask.txt is not what was printed'
"$json_check" <plain/mask.json || fail 'mask.json is not JSON'
[ "$(wc -l <plain/through_pitch.csv)" = 37 ] || fail 'through_pitch.csv has not 36 rows'
grep -qiE '\b(nan|inf)\b' plain/*.csv plain/*.txt plain/*.json && fail 'no numbers'

# One document, the default folder, other lines, and no folder overwritten.
# shellcheck disable=SC2086
accepted_json --json -q mask thick.toml $coarse --cd 24 --pitch 60
[ -s results/thick/mask/mask.json ] || fail "the default folder is not results/<job>/mask: $(ls -R results)"
grep -q '"pitch_nm": 60' results/thick/mask/mask.json || fail '--pitch had no effect'
# shellcheck disable=SC2086
refused 2 'choose another folder' -q mask thick.toml $coarse --out plain
refused 2 '--pitch 10' -q mask thick.toml --cd 24 --pitch 10 --out bad
refused 2 'no such file' mask absent.toml
refused 2 'JOB is required' mask
[ ! -e bad ] || fail 'a bad job left a folder'
accepted 'Usage: undulith mask' mask --help
finish
