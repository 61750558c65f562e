#!/bin/sh
# SPDX-License-Identifier: MIT
# Optimised masks for the clips of the ICCAD 2013 contest, with the contest's kernels.
#
#   tests/benchmark/iccad13.sh DIR [N...]
#
# DIR   for ilt_N.npy and opc_N.npy: masks of 2048 x 2048 pixels of 1 nm, 1 where they are open; a folder for each run
# N     numbers of clips, 1 to 10 without any
#
# Environment:
#   UNDULITH_SHARED  folder with layouts/iccad13/M1_testN.glp and optimisation/{kernels,scales}_{focus,defocus}_*.npy; with
#                    optimisation/judge.py its table is printed
#   UNDULITH         the program; default: build/undulith of this checkout
#   ICCAD13_METHODS  "ilt opc"
#   ICCAD13_SET      further options of undulith optimise, such as "--set optimise.shapes=strips"
# Needs python3-numpy (python3-scipy for the judge). One clip after the other, on one thread.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
out=${1:?"usage: iccad13.sh DIR [N...]"}
shift
shared=${UNDULITH_SHARED:?"set UNDULITH_SHARED to the folder with layouts/iccad13 and optimisation"}
program=${UNDULITH:-$root/build/undulith}
python=${PYTHON:-/usr/bin/python3}
[ $# -gt 0 ] || set -- 1 2 3 4 5 6 7 8 9 10
mkdir -p "$out"
out=$(cd "$out" && pwd)

for plane in focus defocus; do
  mkdir -p "$out/kernels_$plane"
  cat "$shared/optimisation/kernels_${plane}_24x35x35_c64.npy" >"$out/kernels_$plane/kernels.npy"
  cat "$shared/optimisation/scales_${plane}_24_f32.npy" >"$out/kernels_$plane/scales.npy"
done

# The field of 2048 nm around a clip, in its own coordinates.
window() {
  "$python" - "$1" <<'PYTHON'
import sys
points = []
for line in open(sys.argv[1]):
    words = line.split()
    if words and words[0] in ("RECT", "PGON"):
        v = [int(w) for w in words[3:]]
        points += [(v[0], v[1]), (v[0] + v[2], v[1] + v[3])] if words[0] == "RECT" else list(zip(v[0::2], v[1::2]))
low, high = [[f(p[axis] for p in points) for axis in (0, 1)] for f in (min, max)]
first = [low[i] - (2048 - (high[i] - low[i])) // 2 for i in (0, 1)]
print(first[0], first[1], first[0] + 2048, first[1] + 2048, sep=", ")
PYTHON
}

for n in "$@"; do
  clip=$shared/layouts/iccad13/M1_test$n.glp
  for method in ${ICCAD13_METHODS:-ilt opc}; do
    job=$out/${method}_$n.toml
    cat >"$job" <<TOML
title = "ICCAD 2013, clip $n"
outputs = ["arrays", "pictures"]
[layout]
file = "$clip"
window_nm = [$(window "$clip")]
boundary = "periodic"
[mask]
amplitudes = "given"
[imaging]
method = "socs"
spectrum = "line"
kernel_file = "kernels_focus/kernels.npy"
kernel_period_nm = 2048
[metrology]
threshold = 0.225
placement = "given"
[optimise]
method = "$method"
min_width_nm = 31
min_space_nm = 31
[[optimise.band]]
outer_dose = 1.0404
inner_dose = 0.9604
inner_kernel_file = "kernels_defocus/kernels.npy"
TOML
    # A site beyond its tolerance is exit code 1: the judge says so again.
    # shellcheck disable=SC2086
    "$program" optimise --no-cache -q --threads 1 -f -o "$out/${method}_$n" ${ICCAD13_SET:-} "$job" \
      >"$out/${method}_$n.txt" || [ $? -eq 1 ]
    "$python" -c '
import sys
import numpy as np
np.save(sys.argv[2], (np.load(sys.argv[1]) >= 0.5).astype(np.uint8))' "$out/${method}_$n/mask.npy" "$out/${method}_$n.npy"
    if [ -f "$shared/optimisation/judge.py" ]; then
      printf '%s %s: ' "$method" "$n"
      "$python" "$shared/optimisation/judge.py" "$clip" "$out/${method}_$n.npy"
    fi
  done
done
