#!/bin/sh
# SPDX-License-Identifier: MIT
# The cache: the same files with a new, a filled and no folder of kept results, whatever becomes of the folder.
. "$(dirname "$0")/support.sh"

write_spaces_job
# same <folder> <folder>: the same files with the same bytes
same() {
  for file in "$1"/*; do
    case $file in */manifest.json) continue ;; esac # holds times
    cmp -s "$file" "$2/${file#"$1"/}" || fail "$file differs from that of $2"
  done
  [ "$(ls "$1" | wc -l)" = "$(ls "$2" | wc -l)" ] || fail "$1 and $2 have different files"
}
entries() { find "$1" -path '*/??/*' -type f -name '????????*' ! -name '.*' | wc -l; }
warned() { grep -q "$1" "$scratch/stderr" || fail "no warning '$1' in: $(cat "$scratch/stderr")"; }

accepted '' run job.toml --out plain --no-cache
accepted '' run job.toml --out first --cache cache
[ "$(entries cache)" = 1 ] || fail 'the image was not kept'
accepted '' run job.toml --out second --cache cache
same plain first
same plain second
run run job.toml --out again --cache cache -v
warned 'image: from the store'

# Another resist sees the same image; another image is kept beside it.
run run job.toml --out resist --cache cache -v --set throughput.dose_mj_cm2=25
warned 'image: from the store'
accepted '' run job.toml --out other --cache cache --set imaging.focus_nm=20
[ "$(entries cache)" = 2 ] || fail 'the second image was not kept'

# A damaged entry is computed again, with a warning; the results are the same.
for file in $(find cache/?? -type f); do printf 'x' >>"$file"; done
run run job.toml --out damaged --cache cache
[ "$status" = 0 ] || fail 'a damaged entry stopped the run'
warned 'was damaged and is removed'
same plain damaged
accepted '' run job.toml --out repaired --cache cache

# An entry that is a link or an empty folder is replaced in silence; what a link leads to stays.
entry=$(find cache/?? -type f -newer plain/summary.json | head -1)
cp "$entry" elsewhere
for kind in link folder; do
  rm -rf "$entry"
  if [ $kind = link ]; then ln -s "$scratch/elsewhere" "$entry"; else mkdir "$entry"; fi
  accepted '' run job.toml --out $kind --cache cache
  same plain $kind
done
[ -f elsewhere ] || fail 'what a link leads to was removed'
# A folder with something in it is not the store's: the message names it.
for file in $(find cache/?? -type f); do
  rm "$file"
  mkdir "$file"
  : >"$file/mine"
done
run run job.toml --out full_folder --cache cache
[ "$status" = 0 ] || fail 'a folder instead of an entry stopped the run'
warned "cache/../.* is in the place of a kept result: remove it"
same plain full_folder
[ "$(find cache -name mine | wc -l)" -gt 0 ] || fail 'a file of the user was removed'

# A cache that cannot be written is a warning with what to do, and no more where nobody asked for it.
: >file
run run job.toml --out no_folder --cache file
[ "$status" = 0 ] || fail 'a cache that is a file stopped the run'
warned 'results are not kept in file (Not a directory)'
warned 'no-cache'
same plain no_folder
XDG_CACHE_HOME=$scratch/file
export XDG_CACHE_HOME
unset UNDULITH_CACHE
accepted '' run job.toml --out no_default

# Where results are kept without --cache.
XDG_CACHE_HOME=$scratch/xdg
accepted '' run job.toml --out in_xdg
[ "$(entries xdg/undulith)" = 1 ] || fail 'nothing was kept in $XDG_CACHE_HOME/undulith'
[ "$(ls -ld xdg/undulith | cut -c1-10)" = drwx------ ] || fail 'others can read the kept results'
unset XDG_CACHE_HOME
user_home=$HOME
HOME=$scratch/home
export HOME
accepted '' run job.toml --out in_home
[ "$(entries home/.cache/undulith)" = 1 ] || fail 'nothing was kept in ~/.cache/undulith'
rm -r home
accepted '' run job.toml --out off --no-cache
UNDULITH_CACHE=$scratch/named accepted '' run job.toml --out named_out
[ "$(entries named)" = 1 ] || fail 'nothing was kept in $UNDULITH_CACHE'
UNDULITH_CACHE= accepted '' run job.toml --out empty
[ ! -e home ] || fail 'something was kept without a cache'
HOME=$user_home
UNDULITH_CACHE=
export UNDULITH_CACHE
for folder in in_xdg in_home off named_out empty no_default; do same plain $folder; done

# doctor names it.
accepted "cache            $scratch/cache" doctor --cache "$scratch/cache"
accepted 'cache            none' doctor --no-cache

# Its size.
refused 2 'exclude each other' run job.toml --cache cache --no-cache
for size in 5 5XB -1GB 0GB GB nanGB 1e30GB; do
  refused 2 'write kB, MB, GB or TB' run job.toml --cache cache --cache-size $size
done
UNDULITH_CACHE_SIZE=much refused 2 'UNDULITH_CACHE_SIZE = much' run job.toml --cache cache
for focus in 0 1 2 3 4 5; do
  accepted '' run job.toml --out small_$focus --set imaging.focus_nm=$focus --cache small --cache-size 20kB
done
[ "$(du -sk small | cut -f1)" -le 200 ] && [ "$(entries small)" -lt 6 ] || fail "the cache grew: $(find small -type f | wc -l) files"
# Files of others are never removed to make room.
mkdir -p shared_home/ab
for name in shared_home/letter shared_home/ab/letter; do head -c 200000 /dev/zero >$name; done
for focus in 0 1 2 3 4 5; do
  accepted '' run job.toml --out small_$focus -f --set imaging.focus_nm=$focus --cache shared_home --cache-size 20kB
done
[ -f shared_home/letter ] && [ -f shared_home/ab/letter ] || fail 'a file of the user was removed'

# Several processes at a time.
for i in 1 2 3 4; do "$undulith" run job.toml --out process_$i --cache shared -q >/dev/null & done
wait
for i in 1 2 3 4; do same plain process_$i; done

# Four sweeps at a time, two in one folder.
vary='--vary imaging.focus_nm=0:99:100'
accepted '100 of 100' sweep job.toml $vary -o sweep_plain
# The second pair has no room: each removes what the other has just kept.
for i in 1 2; do "$undulith" sweep job.toml $vary -o sweep_$i --cache shared_sweep -q >/dev/null & done
for i in 3 4; do
  "$undulith" sweep job.toml $vary -o sweep_$i --cache crowded --cache-size 200kB -q >/dev/null 2>crowded_$i.err &
done
wait
for i in 3 4; do [ ! -s crowded_$i.err ] || fail "a crowded cache: $(cat crowded_$i.err)"; done
[ "$(entries crowded)" -le 60 ] || fail "a crowded cache has $(entries crowded) entries"
for i in 1 2 3 4; do cmp -s sweep_plain/sweep.csv sweep_$i/sweep.csv || fail "sweep $i of four gave another table"; done

# Killed while it writes, many times: no entry is half of one.
for pause in 0.03 0.05 0.07 0.09 0.11 0.13; do
  "$undulith" sweep job.toml $vary -o killed_$pause --cache killed -q >/dev/null 2>&1 &
  process=$!
  sleep $pause
  kill -9 $process 2>kill.err
  wait $process 2>kill.err
done
accepted '100 of 100' sweep job.toml $vary -o sweep_killed --cache killed
cmp -s sweep_plain/sweep.csv sweep_killed/sweep.csv || fail 'a cache of killed sweeps gave another table'

# The folder vanishes, again and again, while it is used.
"$undulith" sweep job.toml $vary -o vanishing --cache vanish -q >/dev/null 2>vanish.err &
process=$!
while kill -0 $process 2>kill.err; do rm -rf vanish 2>kill.err; done
status=0
wait $process || status=$?
[ "$status" = 0 ] || fail "a folder that vanished: exit code $status: $(cat vanish.err)"
cmp -s sweep_plain/sweep.csv vanishing/sweep.csv || fail 'a folder that vanished gave another table'

# No room: files of at most 32 kB, and an entry of many planes of focus.
planes="--set imaging.through_focus_nm=[10,20,30] --set mask.period_x_nm=440 --set mask.period_y_nm=440 --set outputs=[]"
accepted '' run job.toml --out room --no-cache $planes
(
  ulimit -f 64
  run run job.toml --out no_room --cache no_room_cache $planes
  [ "$status" = 0 ] || fail "no room for the cache: exit code $status: $(cat "$scratch/stderr")"
  warned 'results are not kept in no_room_cache'
  exit $failures
) || fail 'no room'
same room no_room
[ "$(entries no_room_cache)" = 0 ] || fail "a part of an entry was left: $(find no_room_cache -type f)"

# Read only (root may write anything).
if [ "$(id -u)" != 0 ]; then
  chmod -R a-w shared
  accepted '' run job.toml --out read_only --cache shared
  same plain read_only
  run run job.toml --out read_only_2 --cache shared --set imaging.focus_nm=20
  [ "$status" = 0 ] || fail 'a read-only cache stopped the run'
  warned 'results are not kept in shared'
  chmod -R u+w shared
fi
finish
