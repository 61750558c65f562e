#!/bin/sh
# SPDX-License-Identifier: MIT
# --cache: the same files with a new, a filled and no folder of kept images.
. "$(dirname "$0")/support.sh"

write_spaces_job
same() {
  for file in "$1"/*; do
    case $file in *summary.json) continue ;; esac # holds the time that it took
    cmp -s "$file" "$2/${file#"$1"/}" || fail "$file differs from that of $2"
  done
}
accepted '' run job.toml --out plain
accepted '' run job.toml --out first --cache cache
[ "$(find cache -type f | wc -l)" = 1 ] || fail 'the image was not kept'
accepted '' run job.toml --out second --cache cache
same plain first
same plain second
run run job.toml --out again --cache cache -v
grep -q 'image: from the store' "$scratch/stderr" || fail 'the image was computed again'

# Another resist sees the same image; another image is kept beside it.
run run job.toml --out resist --cache cache -v --set throughput.dose_mj_cm2=25
grep -q 'image: from the store' "$scratch/stderr" || fail 'another dose computed the image again'
accepted '' run job.toml --out other --cache cache --set imaging.focus_nm=20
[ "$(find cache -type f | wc -l)" = 2 ] || fail 'the second image was not kept'

# A damaged entry is computed again, with a warning; the results are the same.
for file in $(find cache -type f); do printf 'x' >>"$file"; done
run run job.toml --out damaged --cache cache
[ "$status" = 0 ] || fail 'a damaged entry stopped the run'
grep -q 'was damaged and is removed' "$scratch/stderr" || fail 'no warning of a damaged entry'
same plain damaged
accepted '' run job.toml --out mended --cache cache

# A cache that cannot be written is a warning.
: >file
run run job.toml --out no_folder --cache file
[ "$status" = 0 ] || fail 'a cache that is a file stopped the run'
grep -q 'results are not kept in file' "$scratch/stderr" || fail 'no warning of a cache that is a file'
same plain no_folder

# Two processes at a time.
"$undulith" run job.toml --out one --cache shared -q >/dev/null &
"$undulith" run job.toml --out two --cache shared -q >/dev/null
wait
same plain one
same plain two
finish
