#!/bin/sh
# SPDX-License-Identifier: MIT
# The error bar of a job from the command line.
. "$(dirname "$0")/support.sh"

accepted '' init line_space -q -o job.toml
accepted 'error bar: CD' -q converge job.toml --set illuminator.shape=annular --set illuminator.grid_points=11
grep -q 'illuminator.grid_points  *11  *23' "$scratch/stdout" || fail "no refinement of the source: $(cat "$scratch/stdout")"
accepted_json --json converge job.toml --set illuminator.grid_points=11
accepted 'would take' converge job.toml --max-cpu-s 1e-9
refused 2 'max_cpu_s = -1' converge job.toml --max-cpu-s=-1
refused 2 'no such file' converge absent.toml
[ "$(ls)" = "$(printf 'job.toml\nstderr\nstdout')" ] || fail "converge left files: $(ls)"
finish
