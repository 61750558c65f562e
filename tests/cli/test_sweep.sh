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

# Shards in folders of their own are gathered, their journals in any order.
for shard in 1 2 3; do accepted 'all shards' sweep job.toml $vary -o apart$shard --shard $shard/3; done
mkdir together
cp apart1/*.journal apart3/*.journal together/
refused 2 '3 of 10 points are missing in the journals of together (the first one is point 2)' sweep job.toml $vary -o together --gather
[ "$(ls together/*.journal | wc -l)" = 2 ] || fail '--gather began a journal'
cp apart2/*.journal together/
accepted 'wrote together/sweep.csv' sweep job.toml $vary -o together --gather
cmp -s together/sweep.csv whole/sweep.csv || fail '--gather changed the table'
refused 2 'excludes --shard' sweep job.toml $vary -o together --gather --shard 1/3
refused 2 'journal of other work' sweep job.toml $vary -o together --gather --set metrology.threshold=0.2

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

# Points of a file: the same table as the same points of a grid.
{
  echo 'imaging.focus_nm,metrology.threshold'
  for focus in -40 -20 0 20 40; do for threshold in 0.25 0.3; do echo "$focus,$threshold"; done; done
} >points.csv
accepted '10 of 10' sweep job.toml --points points.csv -o listed
accepted '10 of 10' sweep job.toml $vary -o grid
cmp -s listed/sweep.csv grid/sweep.csv || fail 'points of a file gave another table'
echo '0,-1' >>points.csv
refused 2 'points.csv:12: metrology.threshold = -1' sweep job.toml --points points.csv -o listed
refused 2 'exclude each other' sweep job.toml --points points.csv $vary
refused 2 'excludes --zip' sweep job.toml --points points.csv --zip
refused 2 'no such file' sweep job.toml --points none.csv

# Points in the job: names of files are relative to it.
mkdir -p jobs
cat >jobs/own.toml <<'END'
extends = "../job.toml"
[[sweep.vary]]
key = "imaging.focus_nm"
values = "-40:40:5"
[[sweep.vary]]
key = "metrology.threshold"
values = "0.25,0.3"
END
accepted '10 of 10' sweep jobs/own.toml -o own_points
cmp -s own_points/sweep.csv grid/sweep.csv || fail 'points in the job gave another table'
accepted '5 points' sweep jobs/own.toml --zip --plan --vary imaging.focus_nm=-40:40:5
accepted '3 points' sweep jobs/own.toml --vary imaging.na=0.3,0.31,0.32 --plan
sed 's/metrology.threshold/source.file/; s/0.25,0.3/bright.toml,dim.toml/' jobs/own.toml >jobs/sources.toml
for light in bright=90 dim=2; do
  cat >jobs/${light%=*}.toml <<END
[source]
kind = "monochromatic"
[source.monochromatic]
power_w = ${light#*=}
END
done
accepted '10 of 10' sweep jobs/sources.toml -o sources
[ "$(tail -n +2 sources/sweep.csv | awk -F, '{ print $(NF - 1) }' | sort -u | wc -l)" = 2 ] || fail 'the sources give the same wafers per hour'

# Sources in files of their own: each point is a run with that source. --set holds for all of them.
files=jobs/bright.toml,jobs/dim.toml
accepted '2 of 2' sweep job.toml --vary source.file=$files -o lights
wafers() { awk -F, -v point="$2" '$1 == point { print $(NF - 1) }' "$1/sweep.csv"; }
[ "$(wafers lights 1)" != "$(wafers lights 2)" ] || fail 'both sources give the same wafers per hour'
accepted '' run job.toml --out dim --set source.monochromatic.power_w=2
grep -q "\"wafers_per_hour\": $(wafers lights 2)" dim/summary.json || fail "the dim source gives other wafers per hour: $(wafers lights 2)"
run sweep job.toml --vary source.file=$files -o lights_set --set source.monochromatic.power_w=2
grep -q 'source.file (all its values give the same results' stderr || fail "--set did not make both sources one: $(cat stderr)"
[ "$(wafers lights_set 1)" = "$(wafers lights 2)" ] || fail '--set did not hold for a varied source'
echo '[source.monochromatic]' >jobs/none.toml
refused 2 'jobs/gone.toml' sweep job.toml --vary source.file=jobs/none.toml,jobs/gone.toml
printf '[mask]\nbias_nm = 1\n' >>jobs/dim.toml
refused 2 'mask does not belong into the file of a source' sweep job.toml --vary source.file=$files
refused 2 'journal of other work' sweep job.toml --vary source.file=jobs/bright.toml,jobs/bright.toml -o lights

# Layouts and gauges.
accepted '' pattern line_space --pitch-nm 44 --width-nm 22 --size-nm 220 --out wide.oas
accepted '' pattern line_space --pitch-nm 40 --width-nm 20 --size-nm 220 --out narrow.oas
cat >layout.toml <<'END'
extends = "job.toml"
[layout]
file = "wide.oas"
window_nm = [0, 0, 88, 88]
[illuminator]
grid_points = 31
[mask]
rectangle = []
period_x_nm = 0
period_y_nm = 0
[[metrology.gauge]]
name = "line"
x_nm = 44
y_nm = 22
length_nm = 43
END
accepted '4 of 4' sweep layout.toml --vary layout.file=wide.oas,narrow.oas --vary 'metrology.gauge[1].y_nm=30,40' -o layouts
[ "$(tail -n +2 layouts/sweep.csv | cut -d, -f8 | sort -u | wc -l)" = 4 ] || fail "the layouts give the same CD: $(cat layouts/sweep.csv)"

# A front of two quantities, a database, and a key that nothing uses.
run sweep job.toml --vary imaging.focus_nm=-40:40:5 --vary throughput.dose_mj_cm2=10,200 --vary resist.film.thickness_nm=20,30 \
  -o more --pareto nils:wafers_per_hour --sqlite
[ "$status" = 0 ] || fail "a front and a database: exit code $status: $(cat stderr)"
[ "$(grep -c 'all its values give the same results' stderr)" = 1 ] && grep -q 'resist.film.thickness_nm (all its values' stderr ||
  fail "no hint of a key that nothing uses: $(cat stderr)"
[ "$(head -1 more/sweep_pareto_nils_wafers_per_hour.csv)" = 'gauge,point,imaging.focus_nm,throughput.dose_mj_cm2,resist.film.thickness_nm,nils,wafers_per_hour' ] ||
  fail "the head of the front is $(head -1 more/sweep_pareto_nils_wafers_per_hour.csv)"
[ -s more/sweep_pareto_nils_wafers_per_hour.png ] || fail 'no picture of the front'
[ "$(head -c 15 more/sweep.sqlite)" = 'SQLite format 3' ] || fail 'no database'
if command -v sqlite3 >/dev/null; then
  found=$(sqlite3 more/sweep.sqlite 'SELECT count(*), max("imaging.focus_nm"), sum(nils) > 0 FROM points JOIN results USING (point)')
  [ "$found" = '20|40.0|1' ] || fail "the database has $found"
fi
# They go with the table that they belong to.
run sweep job.toml --vary imaging.focus_nm=-40:40:5 -o more --force
[ ! -e more/sweep.sqlite ] && [ ! -e more/sweep_pareto_nils_wafers_per_hour.csv ] || fail 'results of another sweep were left'
refused 2 'use cd_error_nm' sweep job.toml --vary imaging.na=0.3,0.31 --pareto cd_nm:nils
refused 2 'two quantities are needed' sweep job.toml --vary imaging.na=0.3,0.31 --pareto nils

# What it does while it lasts, where no terminal shows it.
UNDULITH_PROGRESS_S=0.001 "$undulith" sweep job.toml $vary -o watched >stdout 2>stderr || fail 'a watched sweep failed'
grep -qE '^sweeping: [0-9]+ of 10 points' stderr || fail "no line of progress: $(cat stderr)"
finish
