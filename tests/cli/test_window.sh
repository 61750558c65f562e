#!/bin/sh
# SPDX-License-Identifier: MIT
# Process windows from the command line.
. "$(dirname "$0")/support.sh"

write_spaces_job
cat >>job.toml <<'END'
[window]
focus_nm = [-40, 0, 40]
dose_mj_cm2 = [16, 18, 20]
END

accepted 'all together:' -q window job.toml --out plain
for file in focus_exposure.csv dose_limits.csv el_dof.csv window.txt window.json job.resolved.toml bossung.png \
  ed_window.png el_dof.png; do
  [ -s "plain/$file" ] || fail "no $file"
done
cmp -s plain/window.txt "$scratch/stdout" || fail 'window.txt is not what was printed'
[ "$(wc -l <plain/focus_exposure.csv)" = 10 ] || fail "focus_exposure.csv has not 9 rows: $(cat plain/focus_exposure.csv)"
head -1 plain/focus_exposure.csv | grep -q '^gauge,target_cd_nm,focus_nm,dose_mj_cm2,cd_nm' || fail 'columns of focus_exposure.csv'
"$json_check" <plain/window.json || fail 'window.json is not JSON'
grep -qiE '\b(nan|inf)\b' plain/*.csv plain/*.txt plain/*.json && fail "no numbers: $(grep -iE '\b(nan|inf)\b' plain/*.csv plain/*.txt plain/*.json)"

# The same numbers as one document, the default folder, and no folder overwritten.
cp job.toml lines.toml
accepted_json --json -q window lines.toml
[ -s results/lines/window/window.json ] || fail "the default folder is not results/<job>/window: $(ls -R results)"
cmp -s results/lines/window/window.json "$scratch/stdout" || fail 'window.json is not what --json prints'
cp plain/window.json before.json
refused 2 'choose another folder' -q window job.toml --out plain --set window.cd_tolerance_percent=5
cmp -s plain/window.json before.json || fail 'results were touched without --force'
accepted '' -q window job.toml --out plain --set window.cd_tolerance_percent=5 --force
cmp -s plain/window.json before.json && fail '--force or --set had no effect'

# The same bytes for any number of threads.
accepted '' -q -j 1 window job.toml --out one
accepted '' -q -j 3 window job.toml --out three
for file in one/*; do
  case $file in */manifest.json) continue ;; esac # holds times
  cmp -s "$file" "three/${file#one/}" || fail "$file depends on the number of threads"
done

# Nothing within tolerance: 1, and results all the same.
run -q window job.toml --out none --set 'window.dose_mj_cm2=[30, 31, 32]'
[ "$status" = 1 ] || fail "no window: exit code $status, expected 1: $(cat "$scratch/stderr")"
grep -q 'no dose and focus keep all of them within tolerance' "$scratch/stdout" || fail 'it is not said that there is no window'
[ -s none/focus_exposure.csv ] || fail 'no results without a window'
grep -q '"best": null' none/window.json || fail 'a window that is not there is not null'

# Bad jobs: 2, with the place, and no folder.
refused 2 'window.dose_mj_cm2' -q window job.toml --out bad --set 'window.dose_mj_cm2=[20, 18, 16]'
refused 2 'window.focus_nm' -q window job.toml --out bad --set 'window.focus_nm=[0, 10]'
refused 2 "'space'" -q window job.toml --out bad --set 'window.dose_mj_cm2=[1, 2, 3]'
sed 's/dose_mj_cm2 = \[16, 18, 20\]/dose_mj_cm2 = [0, 18, 20]/' job.toml >zero.toml
refused 2 'zero.toml:31:16:' -q window zero.toml --out bad
refused 2 'no such file' window absent.toml
refused 2 'JOB is required' window
refused 2 "(did you mean '--force'?)" window job.toml --forse
[ ! -e bad ] || fail 'a bad job left a folder'
accepted 'Usage: undulith window' window --help
accepted 'Exit code 1' window --help
finish
