#!/bin/sh
# SPDX-License-Identifier: MIT
# Optimised masks from the command line.
. "$(dirname "$0")/support.sh"

cat >job.toml <<'END'
title = "Two spaces"
[source]
kind = "monochromatic"
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
n_steps = 100
tolerance_nm = 2
site_step_nm = 9
site_corner_nm = 12
min_width_nm = 8
min_space_nm = 8
min_jog_nm = 3
assist_reach_nm = 0
[[optimise.band]]
inner_focus_nm = 30
END

for method in ilt opc; do
  accepted 'sites of ' -q optimise job.toml --set optimise.method=$method --out $method
  grep -q 'the mask keeps its rules' "$scratch/stdout" || fail "$method: $(cat "$scratch/stdout")"
  for file in mask.gds mask_findings.lyrdb convergence.csv mask.npy print_before.png print_after.png mask_after.png \
    mask_and_print.png edge_bands.png epe_histogram.png convergence.png epe.csv optimise.json optimise.txt job.resolved.toml manifest.json; do
    [ -s "$method/$file" ] || fail "$method: no $file"
  done
  "$json_check" <"$method/optimise.json" || fail "$method: optimise.json is no JSON"
  cmp -s "$method/optimise.txt" "$scratch/stdout" || fail 'optimise.txt is not what was printed'
  awk -v method="$method" '/printed in error/ { before = $(NF - 1); after = $NF }
    END { exit !(after < before / 2) }' "$method/optimise.txt" || fail "$method: $(cat "$method/optimise.txt")"
  # Every site has its errors before and after, and the largest is that of the report.
  awk -F, -v method="$method" 'NR > 1 { n++; e = $6 < 0 ? -$6 : $6; if (e > most) most = e }
    END { printf "%d %.2f\n", n, most }' "$method/epe.csv" >epe
  awk '/^sites of/ { n = $3 } /^nominal: largest/ { most = $NF } END { print n, most }' "$method/optimise.txt" | cmp -s - epe ||
    fail "$method: epe.csv is not of the report: $(cat epe)"
  [ ! -e "$method/mask_so_far.gds" ] || fail "$method: the mask so far is left"
  grep -q '^verified by: thin mask, sum over' "$method/optimise.txt" || fail "$method: no judge"
  # The mask is a layout that prints: its own shapes are layer 2.
  accepted 'MASK' -q layout "$method/mask.gds"
done

# The same bytes again, and nothing is replaced without being asked.
accepted '' -q optimise job.toml --threads 2 --out again
cmp -s ilt/mask.gds again/mask.gds || fail 'another number of threads gives another mask'
refused 2 'again' -q optimise job.toml --out again

# What the search leaves out is said.
run optimise job.toml --set imaging.vibration_x_nm=1 --out vibration
grep -q 'leaves out vibration' "$scratch/stderr" || fail "no word of vibration: $(cat "$scratch/stderr")"

# What cannot be done is said: features below the resolution, rules that leave no mask.
warned() {
  text=$1
  shift
  run optimise job.toml --set optimise.n_steps=50 "$@"
  [ "$status" = 1 ] || fail "$text: exit code $status: $(cat "$scratch/stderr")"
  grep -qF -- "$text" "$scratch/stderr" || fail "no \"$text\" in: $(cat "$scratch/stderr")"
}
warned 'k1 = 0.22' --set imaging.na=0.166 --out k1
warned 'the drawing itself breaks optimise.min_space_nm at 1 place, min_width_nm at 2' \
  --set optimise.min_width_nm=25 --set optimise.min_space_nm=25 --out rules
warned 'the mask is empty' --set optimise.min_area_nm2=14000 --out nothing

refused 2 'rigorous' -q optimise job.toml --set mask.model=rigorous --out r
refused 2 'optimise.n_steps = 3' -q optimise job.toml --set optimise.n_steps=3 --out r
refused 2 'optimise.method' -q optimise job.toml --set optimise.method=magic --out r
[ ! -e r ] || fail 'a refused job left a folder'
# An interrupt ends the search; the mask so far is written.
interrupted() {
  method=$1
  shift
  "$undulith" optimise job.toml -q --threads 1 --set optimise.method="$method" "$@" --out "early_$method" >stdout 2>stderr &
  search=$!
  until [ -e "early_$method/mask_so_far.gds" ]; do
    kill -0 $search 2>/dev/null || fail "$method: the search ended before it was interrupted: $(cat stdout stderr)"
    sleep 0.05
  done
  kill -INT $search
  wait $search && fail "$method: an interrupted search has exit code 0" || [ $? = 130 ] ||
    fail "$method: an interrupted search has not exit code 130"
  grep -q 'interrupted, the best mask so far' stdout || fail "$method: no word of the interrupt: $(cat stdout stderr)"
  [ -s "early_$method/mask.gds" ] || fail "$method: an interrupted search has no mask"
  [ ! -e "early_$method/mask_so_far.gds" ] || fail "$method: the mask so far is left"
}
interrupted ilt --set optimise.n_steps=100000
interrupted opc --set mask.model=multislice --set mask.solver.direction_step_deg=1

# A killed search leaves its best mask, and another one begins with it.
"$undulith" optimise job.toml -q --set optimise.n_steps=100000 --out killed >stdout 2>stderr &
search=$!
until [ -e killed/mask_so_far.gds ]; do
  kill -0 $search 2>/dev/null || fail "the search ended before it was killed: $(cat stdout stderr)"
  sleep 0.05
done
kill -KILL $search
wait $search && fail 'a killed search has exit code 0'
[ "$(ls killed)" = mask_so_far.gds ] || fail "a killed search left $(ls killed)"
accepted 'MASK' -q layout killed/mask_so_far.gds
grep -q '2/0' "$scratch/stdout" || fail 'the mask so far has no layer 2'
accepted 'sites of' -q optimise job.toml --set optimise.start_file=killed/mask_so_far.gds --out again_ilt
accepted 'sites of' -q optimise job.toml --set optimise.method=opc --set optimise.start_file=opc/mask.gds --out again_opc
head -2 again_opc/convergence.csv | tail -1 | awk -F, '{ exit !($2 < 1) }' || fail "no start with the mask: $(cat again_opc/convergence.csv)"
refused 2 'does not consist of the fragments' -q optimise job.toml --set optimise.method=opc \
  --set optimise.start_file=ilt/mask.gds --out r
refused 2 'none.gds' -q optimise job.toml --set optimise.start_file=none.gds --out r
[ ! -e r ] || fail 'a refused start left a folder'

# The cost of a search is known where the job asks for one.
accepted 'optimise     about' check job.toml
finish
