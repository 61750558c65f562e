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
refused 2 'must be a number' --threads many doctor
refused 2 'number of threads = -1' doctor -j -1
refused 2 "--color 'blue'" --color blue doctor
refused 2 '--set a (a key and a value are needed)' run job.toml --set a
refused 2 '--out is required' pattern line_space
refused 2 "(did you mean 'line_space'?)" pattern line_spac -o x.gds
refused 2 'give only one of them' verify --json --markdown
refused 2 'give only one of them' explain --schema --guide
refused 2 'choose one of: bash, zsh, man' completions fish

accepted 'undulith 0.' --version
accepted 'Usage: undulith' --help
accepted 'Usage: undulith run' run --help
for command in run check init explain layout pattern materials multilayer kernels converge verify doctor completions; do
  accepted "Usage: undulith $command" "$command" --help
done
finish
