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

# Another sweep does not mix with it, unless it begins anew.
refused 2 'journal of other work' sweep job.toml --vary imaging.na=0.3,0.31 -o whole
accepted '2 of 2' sweep job.toml --vary mask.tone=dark_field,bright_field -o whole --force
[ ! -e whole/sweep_cd.png ] || fail 'a plot of another sweep was left'
refused 2 'journal of other work' sweep job.toml --vary mask.tone=dark_field,bright_field -o whole --set imaging.focus_nm=10

# Failures.
bad='--vary imaging.na=0.3,1.2,0.31'
refused 2 'point 2 of the sweep (imaging.na = 1.2)' -j 1 sweep job.toml $bad -o failing
run sweep job.toml $bad -o failing --keep-going
[ "$status" = 1 ] || fail "failures: exit code $status, expected 1"
grep -q '3 of 3 points, 1 failed' stdout || fail 'failures are not counted'
grep -q '^2,1.2,.*imaging.na = 1.2' failing/sweep.csv || fail 'a failure is no line'

refused 2 'varies nothing' sweep job.toml
refused 2 'must be i/n' sweep job.toml $vary --shard 3
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
