#!/bin/sh
# SPDX-License-Identifier: MIT
# Every command writes and prints the same bytes with a new, a filled and no cache.
. "$(dirname "$0")/support.sh"

write_spaces_job
cat >kept.toml <<'END'
extends = "job.toml"
[source]
kind = "undulator"
[source.undulator]
n_periods = 40
[mask]
amplitudes = "film_stack"
model = "multislice"
[mask.solver]
pixel_nm = 6
slice_nm = 10
direction_step_deg = 5
[[mask.absorber]]
material = "TaBN"
thickness_nm = 60
[imaging]
n_wavelengths = 2
[resist]
model = "chemically_amplified"
[resist.film]
lateral_step_nm = 2
depth_step_nm = 2
[stochastics]
n_realisations = 2
length_nm = 44
[window]
focus_nm = [-20, 0, 20]
dose_mj_cm2 = [19, 20, 21]
[compare]
target_wafers_per_hour = 100
[[compare.source]]
file = "line.toml"
[[compare.source]]
file = "undulator.toml"
END
printf '[source]\nkind = "monochromatic"\nstatus = "simulation"\ncitation = "none"\n' >line.toml
printf '[source]\nkind = "undulator"\nstatus = "simulation"\ncitation = "none"\n[source.undulator]\nn_periods = 40\n' >undulator.toml

# compare_caches <name> <argument>...: a command that writes into out/
compare_caches() {
  name=$1
  shift
  for cache in none cold warm; do
    case $cache in none) with=--no-cache ;; *) with="--cache cache_$name" ;; esac
    rm -rf out
    run "$@" $with
    [ "$status" -le 1 ] || fail "$name, $cache: exit code $status: $(cat "$scratch/stderr")"
    mkdir -p "$name"
    [ ! -d out ] || mv out "$name/$cache"
    sed 's/[0-9.]* *$//' "$scratch/stdout" >"$name/$cache.stdout" # converge ends its lines with processor seconds
  done
  for cache in cold warm; do
    cmp -s "$name/none.stdout" "$name/$cache.stdout" || fail "$name prints something else, $cache"
    [ ! -d "$name/none" ] || diff -r -x "*.journal" -x manifest.json "$name/none" "$name/$cache" >"$name/differences" ||
      fail "$name, $cache: $(cat "$name/differences")"
  done
}
compare_caches run run kept.toml -o out
run run kept.toml -o again --no-pictures --cache cache_run -v
for stage in light image realisation; do
  grep -q "info: $stage: from the store" "$scratch/stderr" || fail "$stage was not kept"
done
! grep -q "mask: from the store" "$scratch/stderr" || fail 'the mask was read though the image was kept'
# Another focus: the mask is not solved again. Another resist: the image is not computed again.
run run kept.toml -o focus --no-pictures --cache cache_run -v --set imaging.focus_nm=15
grep -q 'info: mask: from the store' "$scratch/stderr" || fail 'another focus solved the mask again'
grep -q 'info: correction of the mask: from the store' "$scratch/stderr" || fail 'another focus corrected the mask again'
accepted '' run kept.toml -o focus_plain --no-pictures --no-cache --set imaging.focus_nm=15
diff -r -x manifest.json focus focus_plain >differences || fail "another focus: $(cat differences)"

# A manifest is run again without kept results.
run run focus/manifest.json -o manifest --no-pictures --cache cache_run -v
grep -q 'reproduced: ' "$scratch/stdout" || fail "the manifest was not run: $(cat "$scratch/stderr")"
! grep -q 'from the store' "$scratch/stderr" || fail 'a result that should be reproduced was read'

compare_caches socs run job.toml -o out --set 'imaging.method="socs"' --set imaging.n_kernels=4
compare_caches window window kept.toml -o out --set stochastics.n_realisations=0
compare_caches compare compare kept.toml -o out
compare_caches mask mask kept.toml -o out --set mask.solver.max_error=0.05
compare_caches sweep sweep kept.toml --vary imaging.focus_nm=0,15 --vary metrology.cd_height=0.4,0.5 -o out
compare_caches source source kept.toml -o out
compare_caches converge converge kept.toml --set 'resist.model="blurred_threshold"' --max-cpu-s 0.05
finish
