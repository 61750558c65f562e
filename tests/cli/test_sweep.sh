#!/bin/sh
# SPDX-License-Identifier: MIT
# undulith sweep: plans, tables, failures, shards, and sweeps that are killed.
. "$(dirname "$0")/support.sh"

write_spaces_job
vary='--vary imaging.focus_nm=-40:40:5 --vary metrology.threshold=0.25,0.3'
accepted '10 points, 5 images' sweep job.toml $vary --plan
accepted_json sweep job.toml $vary --plan --json
accepted '10 of 10 points, 0 failed' sweep job.toml $vary -o whole
[ "$(wc -l <whole/sweep.csv)" = 11 ] || fail 'sweep.csv has not a line per point'
head -1 whole/sweep.csv | grep -q '^point,imaging.focus_nm,metrology.threshold,gauge,' || fail 'the keys do not come first'
[ -s whole/sweep_cd.png ] && [ -s whole/sweep_nils.png ] || fail 'no plots'
[ ! -e whole/images ] || fail 'images were left in the folder'
accepted_json sweep job.toml $vary -o whole --json

# A point is what a run of its own gives.
accepted '' run job.toml --out one --set imaging.focus_nm=-20 --set metrology.threshold=0.25
cd_nm=$(sed -n 2p one/measurements.csv | cut -d, -f8)
grep -q "^3,-20,0.25,space,22,22,printed,$cd_nm," whole/sweep.csv || fail "point 3 is not $cd_nm: $(sed -n 4p whole/sweep.csv)"

# Shards, threads and a cache change no byte.
accepted 'written when all shards have finished' sweep job.toml $vary -o parts --shard 2/3
[ ! -e parts/sweep.csv ] || fail 'a table without all shards'
accepted '' -j 1 sweep job.toml $vary -o parts --shard 3/3
accepted 'wrote parts/sweep.csv' sweep job.toml $vary -o parts --shard 1/3 --cache cache
cmp -s parts/sweep.csv whole/sweep.csv || fail 'shards changed the table'

# Killed and resumed, whenever: the same bytes.
cp job.toml slow.toml
slow='--vary imaging.focus_nm=-40:40:40 --vary illuminator.grid_points=60,61'
accepted '80 of 80' sweep slow.toml $slow -o undisturbed
for pause in 0.05 0.1 0.15 0.2 0.25; do
  "$undulith" sweep slow.toml $slow -o killed -q >stdout.killed 2>&1 &
  process=$!
  sleep "$pause"
  kill -9 $process 2>kill.err
  wait $process 2>kill.err
done
accepted '80 of 80' sweep slow.toml $slow -o killed
cmp -s killed/sweep.csv undisturbed/sweep.csv || fail 'a killed sweep gave another table'
[ "$(tail -n +2 killed/sweep-1-of-1.journal | sort -u | wc -l)" = 80 ] || fail 'points are missing in the journal'
[ "$(tail -n +2 killed/sweep-1-of-1.journal | sed 's/,.*//' | sort | uniq -d | wc -l)" = 0 ] || fail 'a point was computed twice'
# What a crash left of a line.
printf '{"point":3,"fai' >>killed/sweep-1-of-1.journal
accepted '80 of 80' sweep slow.toml $slow -o killed
cmp -s killed/sweep.csv undisturbed/sweep.csv || fail 'half a line changed the table'
printf 'nonsense\n' >>killed/sweep-1-of-1.journal
refused 2 'sweep-1-of-1.journal:82: error: not a line of a sweep' sweep slow.toml $slow -o killed

# A line that was edited.
sed -i '$d; 2s/printed/not_printed/' killed/sweep-1-of-1.journal
refused 2 'sweep-1-of-1.journal:2: error: not a line of a sweep' sweep slow.toml $slow -o killed

# --force for one shard keeps the others.
accepted 'all shards' sweep job.toml $vary -o anew --shard 1/2
accepted 'all shards' sweep job.toml $vary -o anew --shard 2/2 --force --set metrology.threshold=0.2
accepted '10 of 10' sweep job.toml $vary -o anew --shard 1/2 --force --set metrology.threshold=0.2
[ "$(ls anew/*.journal | wc -l)" = 2 ] || fail '--force removed the journal of another shard'

# Files of the user are left alone.
mkdir -p own/images
echo mine >own/images/file
accepted '10 of 10' sweep job.toml $vary -o own
[ "$(cat own/images/file)" = mine ] || fail 'a folder of the user was removed'
mkdir foreign
echo mine >foreign/sweep.csv
refused 2 'no table of a sweep in this folder' sweep job.toml $vary -o foreign

# The content of a varied file counts.
printf 'wavelength_nm,n,k\n13,0.95,0.03\n14,0.95,0.03\n' >film.csv
cat >films.toml <<'END'
extends = "job.toml"
[mask]
amplitudes = "film_stack"
model = "thin"
[[mask.absorber]]
material = "TaBN"
thickness_nm = 60
END
films='--vary mask.absorber[1].material=film.csv,TaBN'
accepted '2 of 2' sweep films.toml $films -o films
printf 'wavelength_nm,n,k\n13,0.9,0.06\n14,0.9,0.06\n' >film.csv
refused 2 'journal of other work' sweep films.toml $films -o films

# Names with line ends.
cat >names.toml <<'END'
extends = "job.toml"
[[metrology.gauge]]
name = "a\nb, \"c\""
x_nm = 22
y_nm = 22
END
accepted 'sweep_cd.png' sweep names.toml --vary imaging.focus_nm=0,10 -o names
[ "$(wc -l <names/sweep.csv)" = 3 ] || fail "a name broke the table: $(cat names/sweep.csv)"

# Another sweep does not mix with it, unless it begins anew.
refused 2 'journal of other work' sweep job.toml --vary imaging.na=0.3,0.31 -o whole
accepted '2 of 2' sweep job.toml --vary mask.tone=dark_field,bright_field -o whole --force
[ ! -e whole/sweep_cd.png ] || fail 'a plot of another sweep was left'
refused 2 'journal of other work' sweep job.toml --vary mask.tone=dark_field,bright_field -o whole --set imaging.focus_nm=10

# Failures.
bad='--vary imaging.na=0.3,1.2,0.31'
refused 2 'point 2 of the sweep (imaging.na = 1.2)' sweep job.toml $bad -o failing
run sweep job.toml $bad -o failing --keep-going
[ "$status" = 1 ] || fail "failures: exit code $status, expected 1"
grep -q '3 of 3 points, 1 failed' stdout || fail 'failures are not counted'
grep -q '^2,1.2,.*imaging.na = 1.2' failing/sweep.csv || fail 'a failure is no line'

refused 2 'varies nothing' sweep job.toml
for shard in 3 a/b 1/2/3 1.5/3; do refused 2 'must be i/n' sweep job.toml $vary --shard $shard; done
refused 2 'a sweep of 0 points' sweep job.toml --vary imaging.na=0.3:0.31 --sample 0
refused 2 'seed -1' sweep job.toml --vary imaging.na=0.3:0.31 --sample 2 --seed -1
refused 2 'must be one of 1/n to n/n' sweep job.toml $vary --shard 4/3
refused 2 'exclude each other' sweep job.toml $vary --zip --sample 3
: >file
refused 4 'cannot make the folder' sweep job.toml $vary -o file

# Ctrl-C keeps what is finished.
"$undulith" sweep slow.toml $slow -o stopped -q >stdout.stopped 2>stopped.err &
process=$!
sleep 0.3
kill -INT $process
status=0
wait $process || status=$?
[ "$status" = 130 ] || [ "$status" = 0 ] || fail "SIGINT: exit code $status: $(cat stopped.err)"
accepted '80 of 80' sweep slow.toml $slow -o stopped
cmp -s stopped/sweep.csv undisturbed/sweep.csv || fail 'a stopped sweep gave another table'
finish
