#!/bin/sh
# SPDX-License-Identifier: MIT
# Bad usage: exit code 2, a message that says what to do, nothing on standard output.
. "$(dirname "$0")/support.sh"

run
[ "$status" = 2 ] && grep -q 'Commands:' "$scratch/stderr" || fail "no command: exit code $status, no help"
refused 2 "unknown command 'rum' (did you mean 'run'?)" rum job.toml
refused 2 "unknown command 'patern' (did you mean 'pattern'?)" -j 2 --json patern
refused 2 "unknown command 'xyzzy'; run 'undulith --help'" xyzzy
refused 2 'JOB is required' run
refused 2 "unexpected argument '--forse' (did you mean '--force'?)" run job.toml --forse
refused 2 "unexpected argument 'more'" doctor more
refused 2 "unexpected argument 'two.toml'" run one.toml two.toml
refused 2 '--threads many (must be a whole number' --threads many doctor
refused 2 '--threads 0x2 (must be a whole number' -j 0x2 doctor
refused 2 'number of threads = -1' doctor -j -1
refused 2 "--color 'blue'" --color blue doctor
refused 2 '--set a (a key and a value are needed)' run job.toml --set a
refused 2 '--out is required' pattern line_space
refused 2 "(did you mean 'line_space'?)" pattern line_spac -o x.gds
refused 2 'give only one of them' verify --json --markdown
refused 2 'give only one of them' explain --schema --guide
refused 2 'choose one of: bash, zsh, man' completions fish

# A vector width that is none is refused before anything is computed.
accepted '' init line_space -q -o width.toml
export UNDULITH_SIMD=mmx
refused 2 'UNDULITH_SIMD = mmx (this processor and this build know scalar' doctor
refused 2 'UNDULITH_SIMD = mmx' check width.toml
unset UNDULITH_SIMD

# Whole numbers of the command line are decimal, whatever zeros they begin with.
accepted 'on layer 10/7,' pattern line_space -o decimal.gds --layer 010 --datatype 07
accepted 'star' pattern siemens_star -o star.gds --spokes 010
refused 2 '--layer 0x10 (must be a whole number' pattern line_space -o x.gds --layer 0x10
refused 2 '--spokes 1e1 (must be a whole number' pattern siemens_star -o x.gds --spokes 1e1
refused 2 '--datatype 99999999999 (must be from -2147483648 to 2147483647)' pattern line_space -o x.gds --datatype 99999999999
refused 2 '--pitch-nm nan (must be a number' pattern line_space -o x.gds --pitch-nm nan
refused 2 '--pitch-nm 1e400 (must be below 1.8e308)' pattern line_space -o x.gds --pitch-nm 1e400
[ ! -e x.gds ] || fail 'a refused pattern was written'

write_spaces_job
accepted 'source points' -q check job.toml --set 'imaging.na = 0.33'
accepted 'source points' -q check job.toml --set imaging.na=00.33 --set illuminator.grid_points=07
refused 2 'must be below 1.8e308' check job.toml --set imaging.na=1e400
run check job.toml --set layout.cell=TOP
grep -q '^--set layout.cell=TOP: warning: layout.cell has no effect' "$scratch/stderr" || fail "a warning has its level twice: $(cat "$scratch/stderr")"

# A file of another kind is recognised.
refused 2 'decimal.gds: this is a GDSII file, not a job; start with `undulith init own_layout`' run decimal.gds
refused 2 'decimal.gds: this is a GDSII file, not a table' calibrate job.toml decimal.gds --fit resist.blur.sigma_nm=1:6
refused 2 'job.toml: this is a job file (TOML), not a layout' layout job.toml
refused 2 'job.toml: this is a job file (TOML), not a table' calibrate job.toml job.toml --fit resist.blur.sigma_nm=1:6
printf 'gauge,focus_nm,dose_mj_cm2,cd_nm\nspace,0,20,18\n' >data.csv
refused 2 'data.csv: this is a table of numbers, not a job' run data.csv
refused 2 'data.csv: this is a table of numbers, not a layout' layout data.csv
printf '{"undulith": "0.2.0"}\n' >summary.json
refused 2 'summary.json: this is a JSON file, not a job' check summary.json
printf '\223NUMPY\001\000' >map.npy
refused 2 'map.npy: this is an array of numpy (.npy), not a job' check map.npy
cp decimal.gds map.png
refused 2 'map.png: this is a GDSII file, not a PNG picture' check job.toml --set illuminator.shape=map --set illuminator.map_file=map.png

# Control characters of files and arguments do not reach the terminal.
escape=$(printf '\033')
printf '"a\\u001b[31mb" = 1\n' >control.toml
run check control.toml
[ "$status" = 2 ] && grep -qF 'unknown key or table a\x1b[31mb' "$scratch/stderr" || fail "no message about a key with an escape: $(cat -v "$scratch/stderr")"
grep -qF "$escape" "$scratch/stderr" && fail 'an escape of a key reaches the terminal'
run check job.toml --set "title=a${escape}[31mb" --set "imaging.na=${escape}[2J"
grep -qF "$escape" "$scratch/stderr" "$scratch/stdout" && fail 'an escape of --set reaches the terminal'
refused 2 'the value is not UTF-8' check job.toml --set "title=$(printf 'Z\374rich')"

accepted 'undulith 0.' --version
accepted 'Usage: undulith' --help
accepted 'Usage: undulith run' run --help
for command in run check init explain layout pattern materials multilayer kernels converge verify doctor completions; do
  accepted "Usage: undulith $command" "$command" --help
done
finish
