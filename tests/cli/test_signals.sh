#!/bin/sh
# SPDX-License-Identifier: MIT
# A signal stops every command that can last, within a second: exit code 130, nothing left. A run that was killed
# leaves a hidden folder; doctor names it and the next run removes it.
. "$(dirname "$0")/support.sh"

# stopped <signal> <argument>...: the command, which would last for minutes, in a folder of its own. The limit of
# 3 s allows for a machine that runs other tests at the same time: without a signal the commands take far longer.
stopped() {
  signal=$1
  shift
  mkdir work && cp job.toml cds.csv a.toml b.toml work/ && cd work || exit 1
  before=$(ls -A)
  "$undulith" "$@" >../stopped.out 2>../stopped.err &
  process=$!
  sleep 1.5
  start=$(date +%s%N)
  kill "-$signal" $process 2>/dev/null || fail "undulith $*: ended before the signal: $(cat ../stopped.err)"
  status=0
  wait $process || status=$?
  milliseconds=$((($(date +%s%N) - start) / 1000000))
  [ "$status" = 130 ] || fail "SIG$signal, undulith $*: exit code $status, expected 130: $(cat ../stopped.err)"
  [ $milliseconds -lt 3000 ] || fail "SIG$signal, undulith $*: took $milliseconds ms to stop"
  [ "$(ls -A)" = "$before" ] || fail "SIG$signal, undulith $*: left $(ls -A)"
  cd .. && rm -rf work
}

accepted '' init line_space -q -o job.toml
printf 'gauge,focus_nm,dose_mj_cm2,cd_nm\n' >cds.csv
gauge=$(sed -n 's/^name = "\(.*\)"/\1/p' job.toml | tail -1)
for focus in -40 -20 0 20 40; do
  for dose in 18 20 22; do echo "$gauge,$focus,$dose,18.$dose" >>cds.csv; done
done

for name in a b; do printf '[source]\nkind = "monochromatic"\nname = "%s"\nstatus = "design"\ncitation = "Own2026"\n' $name >$name.toml; done

# Thousands of directions on a wide cell: minutes of imaging.
wide='--set mask.period_x_nm=4000 --set mask.period_y_nm=4000 --set illuminator.grid_points=1001'
for signal in INT TERM HUP; do stopped $signal run job.toml --out results $wide; done
stopped TERM window job.toml --out results $wide
stopped TERM converge job.toml $wide
stopped TERM compare job.toml --source a.toml --source b.toml --out results $wide
stopped TERM calibrate job.toml cds.csv --fit metrology.threshold=0.1:0.9 --out results $wide
stopped TERM kernels job.toml --out results --set mask.period_x_nm=1000 --set mask.period_y_nm=1000 \
  --set illuminator.grid_points=101 --set imaging.method=socs --set imaging.n_kernels=200
stopped TERM mask job.toml --out results --set mask.model=rigorous --cd 9 --pitch 4000
stopped TERM source job.toml --out results --set source.kind=undulator --set source.beam.beam_divergence_y_urad=1e5
stopped TERM multilayer --out results --set mask.stack.n_bilayers=1000 --fit-peak-nm 13.5 \
  --fit-fwhm-nm 0.5
stopped TERM verify

# The second signal changes nothing; a hang-up under nohup is ignored.
"$undulith" run job.toml --out results $wide >stopped.out 2>stopped.err &
process=$!
sleep 1
kill -TERM $process
kill -TERM $process 2>/dev/null
status=0
wait $process || status=$?
[ "$status" = 130 ] || fail "two signals: exit code $status, expected 130"

# Killed: the hidden folder stays until the next run into the same folder.
"$undulith" run job.toml --out results $wide >stopped.out 2>stopped.err &
process=$!
sleep 1.5
kill -KILL $process
wait $process
[ "$(ls -A | grep -c undulith-tmp)" = 1 ] || fail "a killed run left: $(ls -A)"
accepted '.results.' doctor
accepted 'printed' run job.toml --out results
[ "$(ls -A | grep -c undulith-tmp)" = 0 ] || fail "the next run left: $(ls -A)"

# A limit on the size of files is an error, without a part of the results.
(ulimit -f 8 && "$undulith" run job.toml --out limited >stopped.out 2>stopped.err)
status=$?
[ $status = 4 ] || fail "ulimit -f: exit code $status, expected 4: $(cat stopped.err)"
grep -q 'ulimit -f' stopped.err || fail "ulimit -f: $(cat stopped.err)"
[ ! -e limited ] && [ "$(ls -A | grep -c undulith-tmp)" = 0 ] || fail "ulimit -f left: $(ls -A)"
finish
