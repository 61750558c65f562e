#!/bin/sh
# SPDX-License-Identifier: MIT
# Edges corrected with a thick mask in the loop, beside the same correction with a thin mask that is judged by a thick one.
#
#   tests/benchmark/thick_masks.sh DIR
#
# DIR   for the jobs and their results
#
# A logic clip at NA 0.33 and a contact at NA 0.55, absorber of 60 nm TaBN: errors of edges in nm over focus of +-30 nm and dose of
# +-3 % (four corners and the nominal condition), and in the nominal condition alone. RIGOROUS=1 also judges the contact by
# Maxwell's equations (about a minute).
# Environment: UNDULITH: the program; default: build/undulith of this checkout
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
out=${1:?"usage: thick_masks.sh DIR"}
program=${UNDULITH:-$root/build/undulith}
mkdir -p "$out"
cd "$out"

# job <name> <layout> <window> <mask.model> <imaging lines>
job() {
  cat >"$1.toml" <<END
title = "$1"
outputs = ["arrays"]
[source]
kind = "monochromatic"
[illuminator]
shape = "annular"
sigma_inner = 0.4
sigma_outer = 0.8
grid_points = 31
[layout]
file = "$root/masks/$2"
layer = 1
window_nm = $3
boundary = "periodic"
[mask]
model = "$4"
tone = "dark_field"
[[mask.absorber]]
material = "TaBN"
thickness_nm = 60
$5
[metrology]
threshold = 0.2
[optimise]
method = "opc"
tolerance_nm = 2
site_step_nm = 4
site_corner_nm = 9
min_width_nm = 8
min_space_nm = 8
min_jog_nm = 2
grid_nm = 0.25
assist_reach_nm = 0
END
}

# row <job> <judge> <option>...
row() {
  name=$1
  judge=$2
  shift 2
  "$program" optimise "$name.toml" -q --no-cache --threads 1 -f -o "$name" --set optimise.verify="$judge" "$@" >"$name.txt" || [ $? = 1 ]
  awk -v name="$name, judged by $judge" '/^as drawn, model/ { drawn = $7 } /^optimised, verified/ {
      printf "%-46s %8s %9s %8s %8s %9s %8s\n", name, drawn, $3, $4, $6, $7, $8 }' "$name.txt"
}

logic='[imaging]
na = 0.33'
contact='[mask.stack]
incidence_deg = 5.355
[imaging]
na = 0.55
magnification_x = 4
magnification_y = 8
obscuration_radius = 0.2'
for mask in thin multislice; do
  job "logic_$mask" logic_metal_p36.gds '[0, 0, 252, 252]' $mask "$logic"
  job "contact_$mask" contact_array_p40.gds '[-20, -20, 20, 20]' $mask "$contact"
done

printf '%-46s %8s %9s %8s %8s %9s %8s\n' 'search, judge' 'drawn' 'rms' 'largest' 'H-V' 'shift x' 'shift y'
for corners in 'window' 'nominal'; do
  echo "$corners:"
  [ $corners = window ] && set -- --set optimise.corner_focus_nm=30 --set optimise.corner_dose=0.03 || set --
  for clip in logic contact; do
    row ${clip}_thin multislice "$@"
    row ${clip}_multislice finer "$@"
    [ $clip != contact ] || [ -z "${RIGOROUS:-}" ] || row contact_multislice rigorous "$@"
  done
done
