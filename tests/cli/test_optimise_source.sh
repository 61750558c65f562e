#!/bin/sh
# SPDX-License-Identifier: MIT
# Optimised sources from the command line.
. "$(dirname "$0")/support.sh"

cat >job.toml <<'END'
title = "Two spaces"
[source]
kind = "monochromatic"
name = "a line"
[illuminator]
shape = "annular"
sigma_inner = 0.4
sigma_outer = 0.8
grid_points = 21
[mask]
model = "thin"
period_x_nm = 120
period_y_nm = 120
[[mask.rectangle]]
x0_nm = 30
y0_nm = 30
x1_nm = 48
y1_nm = 90
[[mask.rectangle]]
x0_nm = 66
y0_nm = 30
x1_nm = 84
y1_nm = 90
[imaging]
na = 0.33
[metrology]
threshold = 0.25
[optimise]
method = "source"
tolerance_nm = 1
site_step_nm = 9
site_corner_nm = 12
min_width_nm = 8
min_space_nm = 8
min_jog_nm = 3
assist_reach_nm = 0
[optimise.source]
grid_points = 21
front_pupil_fill = [0.1, 0.4]
[[optimise.band]]
inner_focus_nm = 30
END

# second FILE NAME: the second number of the line of that name
second() {
  awk -v name="$2" 'index($0, name) == 1 { print $NF; exit }' "$1"
}

accepted 'smallest NILS' -q optimise job.toml --out source
for file in source.npy edges.csv convergence.csv front.csv source_before.png source_after.png print_before.png print_after.png \
  front.png optimise.json optimise.txt job.resolved.toml job.optimised.toml manifest.json; do
  [ -s "source/$file" ] || fail "source: no $file"
done
"$json_check" <source/optimise.json || fail 'optimise.json is no JSON'
cmp -s source/optimise.txt "$scratch/stdout" || fail 'optimise.txt is not what was printed'
awk '/^smallest NILS/ { before = $(NF - 1); after = $NF } END { exit !(after > before * 1.1) }' source/optimise.txt ||
  fail "the source is not better: $(cat source/optimise.txt)"
# The job with the source prints what was promised: CD and both errors of a space are the same number.
accepted 'printed' -q run source/job.optimised.toml --out run
promised=$(awk -F, '$1 == "g001" && $7 == 0 { sum += $12 } END { print 18 + sum }' source/edges.csv)
printed=$(awk '$1 == "g001" { print $5 }' "$scratch/stdout")
awk -v a="$promised" -v b="$printed" 'BEGIN { exit !(a - b < 0.5 && b - a < 0.5) }' ||
  fail "the source prints $printed nm instead of $promised nm"

# The same bytes again.
accepted '' -q optimise job.toml --threads 2 --out again
cmp -s source/source.npy again/source.npy || fail 'another number of threads gives another source'
refused 2 'again' -q optimise job.toml --out again

# A bound on the edges is kept, at the price of NILS; one that no source keeps is said so.
accepted 'smallest NILS' -q optimise job.toml --set optimise.source.max_placement_error_nm=1 --out bound
[ "$(second bound/optimise.txt 'largest error of an edge')" = 1.00 ] || fail "bound: $(cat bound/optimise.txt)"
run optimise job.toml -q --set optimise.source.max_placement_error_nm=0.001 --out tight
[ "$status" = 1 ] || fail "a bound that no source keeps has exit code $status"
grep -q 'no source keeps every edge within 0.001 nm' "$scratch/stdout" || fail "tight: $(cat "$scratch/stdout")"

# Facets are pointed, and the job that names them has them all.
accepted 'facets of the pupil' -q optimise job.toml --set facets.pupil=facets --set facets.n_field_facets=40 \
  --set facets.n_pupil_facets=200 --out facets
[ "$(wc -l <facets/source.csv)" = 41 ] || fail "source.csv has not all field facets: $(cat facets/source.csv)"
[ -s facets/facets.csv ] || fail 'no facets.csv'
accepted 'printed' -q run facets/job.optimised.toml --out run_facets

# Source and mask.
run optimise job.toml -q --set optimise.method=smo --set optimise.source.max_rounds=2 --out smo
[ "$status" = 0 ] || fail "smo: exit code $status: $(cat "$scratch/stdout" "$scratch/stderr")"
for file in mask.gds mask_findings.lyrdb mask_after.png source.npy job.optimised.toml; do
  [ -s "smo/$file" ] || fail "smo: no $file"
done
grep -q '^1,mask,' smo/convergence.csv || fail "smo: $(cat smo/convergence.csv)"
accepted '6 printed' -q run smo/job.optimised.toml --out run_smo

# Two lights on one front.
cat >ring.toml <<'END'
[source]
kind = "monochromatic"
name = "another line"
END
accepted 'wafers per hour, another line' -q optimise job.toml --set 'compare.source=[{file="ring.toml"}]' --out two

refused 2 'optimise.source.min_pupil_fill = 0.9' -q optimise job.toml --set optimise.source.min_pupil_fill=0.9 \
  --set optimise.source.max_sigma=0.5 --out r
refused 2 'optimise.source.min_pupil_fill' -q optimise job.toml --set optimise.source.min_pupil_fill=2 --out r
refused 2 'optimise.source.min_sigma = 0.8' -q optimise job.toml --set optimise.source.min_sigma=0.8 \
  --set optimise.source.max_sigma=0.5 --out r
refused 2 'between them' -q optimise job.toml --set optimise.source.min_sigma=0.5 --set optimise.source.max_sigma=0.501 --out r
refused 2 'no gauge has an edge' -q optimise job.toml --set metrology.placement=given --out r
refused 2 'goal' -q optimise job.toml --set facets.pupil=facets --set optimise.source.goal=least_dose --out r
refused 2 'facets.pupil' -q optimise job.toml --set facets.pupil=facets --set optimise.method=smo --out r
refused 2 'mask.edge_bias_nm' -q optimise job.toml --set optimise.method=smo --set mask.edge_bias_nm=1 --out r
refused 2 'optimise.source.goal' -q optimise job.toml --set optimise.source.goal=best --out r
refused 2 'occurs twice' -q optimise job.toml --set source.name='"another line"' --set 'compare.source=[{file="ring.toml"}]' --out r
accepted '' -q kernels job.toml --out kernels
refused 2 'belong to one source' -q optimise job.toml --set imaging.method=socs --set imaging.kernel_file=kernels/kernels.npy --out r
[ ! -e r ] || fail 'a refused job left a folder'
finish
