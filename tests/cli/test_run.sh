#!/bin/sh
# SPDX-License-Identifier: MIT
# Jobs from the command line: results, what is refused, interruption.
. "$(dirname "$0")/support.sh"

accepted '' init line_space -q -o job.toml
refused 2 'exists already' init line_space -o job.toml
accepted '' init line_space -q -o job.toml --force

# Output and exit code of a good job; default folder by the name of the job.
accepted 'printed' run job.toml --out results
[ -s results/summary.json ] || fail 'no summary.json'
"$json_check" <results/summary.json || fail 'summary.json is not JSON'
[ -s results/aerial_image.png ] || fail 'no picture'
cp job.toml lines.toml
accepted 'printed' run lines.toml
[ -s results/lines/summary.json ] || fail 'the default folder is not results/<job>'

# Existing results stay unless they may be replaced.
accepted 'printed' run job.toml --out kept
cp kept/summary.json before.json
refused 2 'force' run job.toml --out kept --set imaging.na=0.25
cmp -s kept/summary.json before.json || fail 'results were touched without --force'
accepted 'printed' run job.toml --out kept --set imaging.na=0.25 --force
cmp -s kept/summary.json before.json && fail '--force or --set had no effect'

# The same bytes for any number of threads.
accepted '' -j 1 run job.toml --out one
accepted '' -j 4 run job.toml --out four
for file in one/*; do
  case $file in *.json) continue ;; esac # holds the time that it took
  cmp -s "$file" "four/${file#one/}" || fail "$file depends on the number of threads"
done

# The same bytes at every vector width, in double and in single precision.
for precision in double single; do
  accepted '' run job.toml --out "$precision" --set "imaging.precision=\"$precision\""
  for width in scalar neon sse4 avx2 avx512; do
    export UNDULITH_SIMD=$width
    run run job.toml --out "$width" --force --set "imaging.precision=\"$precision\""
    unset UNDULITH_SIMD
    if [ "$status" = 2 ]; then continue; fi # not on this processor
    cmp -s "$precision/aerial_image.npy" "$width/aerial_image.npy" || fail "$width: the image has other bytes"
  done
done
[ -s scalar/aerial_image.npy ] || fail 'not even scalar vectors'
grep -q '"single"' single/summary.json || fail 'summary.json does not state the precision'
accepted 'single precision, measured' run job.toml --out single --force --set 'imaging.precision="single"'
# What is written: everything, no pictures, or the kinds that the job names. The numbers are the same.
accepted 'printed' run job.toml --no-pictures --out plain
[ -s plain/aerial_image.npy ] && [ -s plain/contours.gds ] || fail '--no-pictures left out other files'
ls plain | grep -q '\.png$' && fail '--no-pictures wrote a picture'
accepted 'printed' run job.toml --out few --set 'outputs=["review"]'
for file in few/*; do
  case $file in *.png | *.npy | *.vti) fail "outputs wrote $file" ;; esac
done
[ -s few/contours.gds ] && [ -s few/summary.json ] || fail 'outputs left out too much'
cmp -s few/measurements.csv one/measurements.csv || fail 'outputs changed a number'
refused 2 'did you mean "pictures"' run job.toml --out wrong --set 'outputs=["picture"]'
refused 2 'write each word once' run job.toml --out wrong --set 'outputs=["arrays", "arrays"]'
refused 2 'an array of different words' run job.toml --out wrong --set 'outputs="arrays"'

# Several --set, before and after the job.
accepted 'NA 0.25' check --set imaging.na=0.25 job.toml --set 'title="x"'

# Several planes in one run, each measured.
accepted 'focus 20 nm: 1 printed' run job.toml --out planes --set 'imaging.through_focus_nm=[-20, 20]'
[ "$(grep -c ,printed, planes/through_focus.csv)" = 3 ] || fail 'through_focus.csv has not three planes'
[ -s planes/aerial_image_through_focus.npy ] || fail 'no images through focus'
grep -q '"error_bound"' planes/summary.json || fail 'summary.json does not say how accurate it is'

# Bad jobs: 2, with the place.
refused 2 'no such file' run absent.toml
refused 2 'no such file' check absent.toml
printf '[imaging]\nna = 1.33\nfocus = 0\n' >bad.toml
refused 2 'bad.toml:2:' check bad.toml
refused 2 'bad.toml:3:' check bad.toml # all errors at once
refused 2 'bad.toml:2:' run bad.toml --out bad
[ ! -e bad ] || fail 'a bad job left a folder'
printf '[imaging\n' >broken.toml
refused 2 'broken.toml:1:' run broken.toml
refused 2 'imaging.nn' run job.toml --out nn --set imaging.nn=0.3
refused 2 '' run .

# What will not fit into memory is refused before it is tried, also by check.
refused 2 'of memory' run job.toml --out vast --set imaging.output_pitch_nm=1e-6
refused 2 'of memory' check job.toml --set imaging.output_pitch_nm=1e-6
refused 2 'make it larger' check job.toml --set imaging.output_pitch_nm=1e-300

# No place to write: 4.
refused 4 '' run job.toml --out /dev/null/results
refused 4 '/dev/null/job.toml' init line_space -o /dev/null/job.toml

# A signal: 130, no results. The job would take many minutes.
# (env: a shell without job control lets its background processes ignore SIGINT, so SIGTERM is sent.)
"$undulith" run job.toml --out stopped --set mask.period_x_nm=4000 --set mask.period_y_nm=4000 \
  --set illuminator.grid_points=1001 >stopped.out 2>stopped.err &
process=$!
sleep 2
kill -TERM $process 2>/dev/null
status=0
wait $process || status=$?
[ "$status" = 130 ] || fail "SIGTERM: exit code $status, expected 130: $(cat stopped.err)"
[ ! -e stopped ] || fail 'an interrupted run left results'
[ "$(ls -A | grep -c stopped)" = 2 ] || fail "an interrupted run left: $(ls -A)"
finish
