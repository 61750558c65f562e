#!/bin/sh
# SPDX-License-Identifier: MIT
# Calibration from the command line.
. "$(dirname "$0")/support.sh"

write_spaces_job
cat >>job.toml <<'END'
[window]
focus_nm = [-40, 0, 40]
dose_mj_cm2 = [17, 20, 23]
END

# Data are what the model prints with a blur of 4 nm.
accepted '' -q window job.toml --out truth --set resist.blur.sigma_nm=4
awk -F, 'NR == 1 { for (i = 1; i <= NF; ++i) at[$i] = i; print "gauge,focus_nm,dose_mj_cm2,cd_nm"; next }
  { print $at["gauge"] "," $at["focus_nm"] "," $at["dose_mj_cm2"] "," $at["cd_nm"] }' truth/focus_exposure.csv >data.csv

accepted 'resist.blur.sigma_nm' -q calibrate job.toml data.csv --fit resist.blur.sigma_nm=1:6 --out fit
grep -Eq '^resist.blur.sigma_nm +2.5 +(4|4\.000|3\.999)[0-9]* ' "$scratch/stdout" || fail "the blur is not found: $(cat "$scratch/stdout")"
for file in calibration.csv calibration.json calibration.txt calibration.png job.resolved.toml; do
  [ -s "fit/$file" ] || fail "no $file"
done
cmp -s fit/calibration.txt "$scratch/stdout" || fail 'calibration.txt is not what was printed'
[ "$(wc -l <fit/calibration.csv)" = 10 ] || fail 'calibration.csv has not 9 rows'
grep -qiE '\b(nan|inf)\b' fit/*.csv fit/*.txt fit/*.json && fail 'no numbers in the results'

# What was found is a job that prints the data.
accepted '' -q window fit/job.resolved.toml --out found
awk -F, 'NR == FNR { cd[FNR] = $5; next } FNR > 1 && ($5 - cd[FNR]) ^ 2 > 1e-6 { exit 1 }' \
  truth/focus_exposure.csv found/focus_exposure.csv || fail 'the calibrated job does not print the data'

# The table of `window` itself, tables with other columns, and rows of gauges that did not print.
accepted 'resist.blur.sigma_nm' -q calibrate job.toml truth/focus_exposure.csv --fit 'resist.blur.sigma_nm = 1 : 6' --out whole
cmp -s whole/calibration.txt fit/calibration.txt || fail 'focus_exposure.csv gives another fit than its columns'
cat >lot.csv <<'END'
lot,wafer,gauge,focus_nm,dose_mj_cm2,cd_nm,comment
A1,3,space,-40,20,17.9,ok
A1,3,space,0,5,,"not printed, twice"
A1,3,space,0,20,18.0,ok
A1,3,space,40,20,nan,wafer #3
A1,3,space,0,22,18.9,ok
END
accepted '2 rows of lot.csv left out: not printed' -q calibrate job.toml lot.csv --fit resist.blur.sigma_nm=1:6 --out lot
grep -q '"n_rows_not_printed": 2' lot/calibration.json || fail 'rows that did not print are not counted'

# One document; choices of the model.
accepted_json --json -q calibrate job.toml data.csv --fit resist.blur.sigma_nm=1:6 --bands --out bands
grep -q '"choices"' "$scratch/stdout" || fail '--bands gives no choices'
cmp -s bands/calibration.json "$scratch/stdout" || fail 'calibration.json is not what --json prints'

# The keys may stand in the job; the default folder.
cp job.toml keyed.toml
printf '[[calibrate.parameter]]\nkey = "resist.blur.sigma_nm"\nlow = 1\nhigh = 6\n' >>keyed.toml
accepted 'resist.blur.sigma_nm' -q calibrate keyed.toml data.csv
[ -s results/keyed/calibration/calibration.json ] || fail 'the default folder is not results/<job>/calibration'

# No folder is overwritten unless it may be.
cp fit/calibration.json before.json
refused 2 'choose another folder' -q calibrate job.toml data.csv --fit metrology.threshold=0.2:0.4 --out fit
cmp -s fit/calibration.json before.json || fail 'results were touched without --force'
accepted 'metrology.threshold' -q calibrate job.toml data.csv --fit metrology.threshold=0.2:0.4 --out fit --force
cmp -s fit/calibration.json before.json && fail '--force had no effect'

# Bad usage and bad data: 2, and no folder.
refused 2 'write --fit resist.blur.sigma_nm=1:6' calibrate job.toml data.csv --fit resist.blur.sigma_nm --out bad
refused 2 'write --fit resist.blur.sigma_nm=1:6' calibrate job.toml data.csv --fit resist.blur.sigma_nm=1-6 --out bad
refused 2 'low must be below high' calibrate job.toml data.csv --fit resist.blur.sigma_nm=6:1 --out bad
refused 2 'no number of the job has that name' calibrate job.toml data.csv --fit resist.blur.sigma=1:6 --out bad
refused 2 'did you mean metrology.threshold?' calibrate job.toml data.csv --fit metrology.treshold=0.2:0.4 --out bad
refused 2 'the key must be in [0, 100]' calibrate job.toml data.csv --fit resist.blur.sigma_nm=1:1e9 --out bad
refused 2 'has no effect: source.kind is another' calibrate job.toml data.csv --fit source.undulator.period_mm=1:9 --out bad
refused 2 'is a whole number' calibrate job.toml data.csv --fit illuminator.grid_points=5:9 --out bad
refused 2 'must be a number' calibrate job.toml data.csv --fit resist.blur.sigma_nm=1:inf --out bad
printf 'gauge,focus_nm,dose_mj_cm2,cd_nm\nspace,0,20,1e300\nspace,1e300,20,18\nspace,0,20,wide\n' >huge.csv
refused 2 'huge.csv:2: cd_nm = 1e+300 (must be in (0, 100000])' calibrate job.toml huge.csv --fit resist.blur.sigma_nm=1:6 --out bad
grep -q 'huge.csv:3: focus_nm = 1e+300' "$scratch/stderr" && grep -q "huge.csv:4: cd_nm = 'wide'" "$scratch/stderr" ||
  fail "not all faults of a file are reported: $(cat "$scratch/stderr")"
refused 2 'lies outside' calibrate job.toml data.csv --fit resist.blur.sigma_nm=3:6 --out bad
refused 2 'there is nothing to fit' calibrate job.toml data.csv --out bad
head -2 data.csv >few.csv
refused 2 'few.csv has 1 row for 2 parameters' calibrate job.toml few.csv --fit resist.blur.sigma_nm=1:6 \
  --fit metrology.threshold=0.2:0.4 --out bad
sed '3s/.*/space,0,20,0/' data.csv >zero.csv
refused 2 'zero.csv:3: cd_nm = 0' calibrate job.toml zero.csv --fit resist.blur.sigma_nm=1:6 --out bad
sed '4s/^space/lime/' data.csv >other.csv
refused 2 "gauge 'lime' (the job has: space)" calibrate job.toml other.csv --fit resist.blur.sigma_nm=1:6 --out bad
refused 2 'absent.csv' calibrate job.toml absent.csv --fit resist.blur.sigma_nm=1:6 --out bad
refused 2 'no such file' calibrate absent.toml data.csv --fit resist.blur.sigma_nm=1:6 --out bad
refused 2 'DATA is required' calibrate job.toml
[ ! -e bad ] || fail 'a refused calibration left a folder'
accepted 'Usage: undulith calibrate' calibrate --help
accepted '--fit KEY=LOW:HIGH' calibrate --help
finish
