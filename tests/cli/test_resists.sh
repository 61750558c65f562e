#!/bin/sh
# SPDX-License-Identifier: MIT
# Every published resist makes a valid job of lines and spaces and states its status and its assumptions; one of each kind
# prints: test_resists.sh UNDULITH JSON_CHECK
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$(dirname "$0")/support.sh"

accepted '' init line_space -q -o lines.toml
for file in "$root"/examples/resists/*.toml; do
  name=$(basename "$file" .toml)
  printf 'extends = ["lines.toml", "%s"]\n[mask]\nmodel = "thin"\n' "$file" >"$name.toml"
  accepted 'The job is valid.' check "$name.toml"
  ! grep -q '^warning' "$scratch/stdout" || fail "$name: $(grep '^warning' "$scratch/stdout")"
  head -n 1 "$file" | grep -q 'generic, uncalibrated\|measured\|fitted\|simulated' || fail "$name: its first line states no status"
  grep -q '^# Published: ' "$file" || fail "$name does not state what was published"
  grep -q "\`$name.toml\`" "$root/examples/resists/README.md" || fail "$name is not in README.md"
  # A number that nobody published says so on its line.
  grep '^[a-z_0-9]* = [0-9]' "$file" | grep -v '^dose_mj_cm2\|^reference_temperature_c' | grep -v '#' >unsaid.txt
  [ ! -s unsaid.txt ] || fail "$name: no word on where this comes from: $(cat unsaid.txt)"
done

# prints <preset>: the space of the film, or of the image, within 0.2 nm of its 18 nm at the preset's own dose
prints() {
  run run "$1.toml" --out "out_$1"
  [ "$status" = 0 ] || fail "undulith run of $1: exit code $status: $(cat "$scratch/stderr")"
  tail -n +2 "out_$1/$2" | awk -F, -v column="$3" '{ cd = $column } END { exit !(cd > 17.8 && cd < 18.2) }' ||
    fail "$1 does not print its space at its dose: $(cat "out_$1/$2")"
}
prints generic_blurred_threshold measurements.csv 8
prints generic_car resist_profile.csv 3
prints generic_metal_oxide resist_profile.csv 3
prints met2d_xp5271_prolith resist_profile.csv 3
grep -q 'is an effective rate' "$scratch/stderr" || fail "an effective rate of acid goes by without a warning"
finish
