#!/bin/sh
# SPDX-License-Identifier: MIT
# undulith sweep when it is killed, interrupted, out of disk, without a cache, or not alone: nothing is lost, no point is
# computed twice, and the table has the same bytes.
. "$(dirname "$0")/support.sh"

write_spaces_job
many='--vary imaging.focus_nm=-40:40:800 --vary illuminator.grid_points=60,61'
n_points=1600
accepted "$n_points of $n_points" sweep job.toml $many -o undisturbed
cp undisturbed/sweep.csv expected.csv
some='--vary imaging.focus_nm=-40:40:100 --vary illuminator.grid_points=60,61'
accepted '200 of 200' sweep job.toml $some -o some
cp some/sweep.csv expected_some.csv
# same <folder> <what it is> [<table>]
same() { cmp -s "$1/sweep.csv" "${3:-expected.csv}" || fail "$2 gave another table"; }
journal=sweep-1-of-1.journal
n_lines() { if [ -f "$1/$journal" ]; then wc -l <"$1/$journal"; else echo 0; fi; }

# Killed at 25 random moments: some before the first point of a process, most after up to 60 more points.
random() { awk -v seed="$1" -v n="$2" 'BEGIN { srand(seed); print int(n * rand()) }'; }
n_killed=0
for kill in $(seq 25); do
  "$undulith" sweep job.toml $many -o killed -q >stdout.killed 2>stderr.killed &
  process=$!
  more=$(random "$kill" 60)
  if [ "$more" -lt 8 ]; then
    sleep "0.0$more"
  else
    wanted=$(($(n_lines killed) + more))
    while [ "$(n_lines killed)" -lt "$wanted" ] && kill -0 $process 2>/dev/null; do sleep 0.005; done
  fi
  kill -9 $process 2>/dev/null
  status=0
  wait $process 2>/dev/null || status=$?
  if [ "$status" = 137 ]; then n_killed=$((n_killed + 1)); fi
  if [ -e killed/sweep.csv ] && ! cmp -s killed/sweep.csv expected.csv; then fail 'a killed sweep left a part of a table'; fi
done
[ $n_killed = 25 ] || fail "the sweep ended before it could be killed 25 times ($n_killed)"
[ "$(n_lines killed)" -gt 100 ] || fail "the killed sweeps kept $(n_lines killed) points"
accepted "$n_points of $n_points" sweep job.toml $many -o killed
same killed 'a killed sweep'
[ "$(n_lines killed)" = $((n_points + 1)) ] || fail 'points are missing or computed twice'
[ "$(tail -n +2 "killed/$journal" | sed 's/,.*//' | sort | uniq -d | wc -l)" = 0 ] || fail 'a point was computed twice'
[ "$(ls -A killed | grep -cv '^sweep\|^manifest.json$')" = 0 ] || fail "the folder holds $(ls -A killed)"

# What a crash left of a line; a line that is none; a line that was edited.
printf '{"point":3,"fai' >>"killed/$journal"
accepted "$n_points of $n_points" sweep job.toml $many -o killed
same killed 'half a line'
printf 'nonsense\n' >>"killed/$journal"
refused 2 "$journal:$((n_points + 2)): error: not a line of a sweep" sweep job.toml $many -o killed
sed -i '$d; 2s/printed/not_printed/' "killed/$journal"
refused 2 "$journal:2: error: not a line of a sweep" sweep job.toml $many -o killed

# --force keeps the table of an earlier sweep until there is a new one.
cp -r some forced
"$undulith" sweep job.toml $some -o forced --force --set metrology.threshold=0.25 -q >stdout.forced 2>stderr.forced &
process=$!
while [ "$(n_lines forced)" = 201 ] || [ "$(n_lines forced)" -lt 10 ]; do sleep 0.005; done
kill -9 $process
wait $process 2>/dev/null
same forced 'a sweep that begins anew' expected_some.csv
[ -s forced/sweep_cd.png ] || fail 'a sweep that begins anew removed the plots of the old one'
accepted "200 of 200" sweep job.toml $some -o forced --set metrology.threshold=0.25
cmp -s forced/sweep.csv expected_some.csv && fail 'the old table was not replaced'

# Ctrl-C: the point that has begun is finished, the next one does not begin.
cat >slow.toml <<'END'
extends = "job.toml"
[illuminator]
grid_points = 201
[mask]
period_x_nm = 1100
END
slow='--vary imaging.focus_nm=-40:40:200'
"$undulith" -j 1 sweep slow.toml $slow -o stopped -q >stdout.stopped 2>stderr.stopped &
process=$!
while [ "$(n_lines stopped)" -lt 3 ]; do sleep 0.01; done
before=$(n_lines stopped)
kill -INT $process
status=0
wait $process || status=$?
after=$(n_lines stopped)
[ "$status" = 130 ] || fail "SIGINT: exit code $status: $(cat stderr.stopped)"
[ $after -gt "$before" ] && [ $after -le $((before + 2)) ] || fail "SIGINT: $before lines before, $after after"
grep -q 'are finished first' stderr.stopped || fail "SIGINT: no notice: $(cat stderr.stopped)"
grep -q "$((after - 1)) of 200 points are kept" stderr.stopped || fail "SIGINT: $(cat stderr.stopped)"
# The second one stops at once, in a point that lasts for minutes.
"$undulith" sweep slow.toml $slow -o hurried -q --set illuminator.grid_points=1001 --set mask.period_x_nm=4000 --set mask.period_y_nm=4000 >stdout.hurried 2>stderr.hurried &
process=$!
sleep 1
kill -INT $process
sleep 0.3
kill -0 $process 2>/dev/null || fail "the first SIGINT stopped at once: $(cat stderr.hurried)"
start=$(date +%s)
kill -INT $process
status=0
wait $process || status=$?
[ "$status" = 130 ] || fail "two SIGINT: exit code $status: $(cat stderr.hurried)"
[ $(($(date +%s) - start)) -le 3 ] || fail 'two SIGINT did not stop at once'

# A full disk, as the limit on the size of a file shows it: what was written before is kept.
status=0
(ulimit -f 60 && exec "$undulith" sweep job.toml $some -o full -q >stdout.full 2>stderr.full) || status=$?
[ "$status" = 4 ] || fail "a full disk: exit code $status: $(cat stderr.full)"
grep -q "cannot write full/$journal" stderr.full || fail "a full disk: $(cat stderr.full)"
kept=$(n_lines full)
[ "$kept" -gt 10 ] || fail 'a full disk lost the points before it'
accepted '200 of 200' sweep job.toml $some -o full
same full 'a sweep whose disk was full' expected_some.csv

# A cache that cannot be written: a warning, and the same table.
: >file
run sweep job.toml $some -o uncached --cache file
[ "$status" = 0 ] || fail "a cache that is a file: exit code $status: $(cat stderr)"
[ "$(grep -c 'are not kept in file' stderr)" = 1 ] || fail "a cache that is a file: not one warning: $(cat stderr)"
same uncached 'a sweep without a cache' expected_some.csv
nobody=''
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then nobody='setpriv --reuid 65534 --clear-groups'; fi
mkdir readable
if [ "$(id -u)" = 0 ] && [ -n "$nobody" ]; then
  chmod 755 .
  mkdir free
  chown 65534 free
fi
if [ "$(id -u)" != 0 ] || $nobody "$undulith" --version >/dev/null 2>&1; then
  [ -d free ] || mkdir free
  chmod 555 readable
  status=0
  $nobody "$undulith" sweep job.toml $some -o free/read_only --cache readable >stdout 2>stderr || status=$?
  [ "$status" = 0 ] || fail "a read-only cache: exit code $status: $(cat stderr)"
  grep -q 'are not kept in readable' stderr || fail "a read-only cache: no warning: $(cat stderr)"
  same free/read_only 'a sweep with a read-only cache' expected_some.csv
fi

# Two sweeps share a cache at the same time.
"$undulith" sweep job.toml $some -o one --cache shared -q >stdout.one 2>&1 &
process=$!
"$undulith" sweep job.toml $some -o two --cache shared -q >stdout.two 2>&1 || fail "sharing a cache: $(cat stdout.two)"
wait $process || fail "sharing a cache: $(cat stdout.one)"
same one 'a sweep that shares its cache' expected_some.csv
same two 'a sweep that shares its cache' expected_some.csv
# One sweep, two processes: the second is refused.
"$undulith" sweep slow.toml $slow -o busy -q >stdout.busy 2>&1 &
process=$!
while [ "$(n_lines busy)" -lt 1 ]; do sleep 0.01; done
refused 2 'is being written by another process' sweep slow.toml $slow -o busy
kill -9 $process
wait $process 2>/dev/null
finish
