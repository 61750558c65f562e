# SPDX-License-Identifier: MIT
# Sourced by the command-line tests: test_NAME.sh UNDULITH JSON_CHECK.
set -u
undulith=$1
json_check=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
unset NO_COLOR UNDULITH_CACHE_SIZE
UNDULITH_CACHE= # not that of the user
export UNDULITH_CACHE
failures=0

fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

# run <argument>...: leaves status, and what was written in $scratch/stdout and $scratch/stderr
run() {
  status=0
  "$undulith" "$@" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null || status=$?
}

# refused <status> <text on standard error> <argument>...: an error, with nothing on standard output
refused() {
  expected=$1 text=$2
  shift 2
  run "$@"
  [ "$status" = "$expected" ] || fail "undulith $*: exit code $status, expected $expected: $(cat "$scratch/stderr")"
  [ -s "$scratch/stderr" ] && grep -qF -- "$text" "$scratch/stderr" || fail "undulith $*: no \"$text\" in: $(cat "$scratch/stderr")"
  [ ! -s "$scratch/stdout" ] || fail "undulith $*: an error wrote to standard output: $(cat "$scratch/stdout")"
}

# accepted <text on standard output> <argument>...: success, with nothing on standard error
accepted() {
  text=$1
  shift
  run "$@"
  [ "$status" = 0 ] || fail "undulith $*: exit code $status: $(cat "$scratch/stderr")"
  [ -z "$text" ] || grep -qF -- "$text" "$scratch/stdout" || fail "undulith $*: no \"$text\" in: $(cat "$scratch/stdout")"
  [ ! -s "$scratch/stderr" ] || fail "undulith $*: success wrote to standard error: $(cat "$scratch/stderr")"
}

# accepted_json <argument>...: success with exactly one JSON document on standard output
accepted_json() {
  accepted '{' "$@"
  "$json_check" <"$scratch/stdout" || fail "undulith $*: standard output is not one JSON document"
}

# write_spaces_job: job.toml with spaces of 22 nm at pitch 44 nm that image in a moment
write_spaces_job() {
  cat >job.toml <<'END'
title = "spaces"
[source]
kind = "monochromatic"
[illuminator]
shape = "conventional"
sigma_outer = 0.5
grid_points = 7
rim_levels = 0
[mask]
amplitudes = "given"
period_x_nm = 44
period_y_nm = 44
[[mask.rectangle]]
x0_nm = 11
x1_nm = 33
y0_nm = 0
y1_nm = 44
[resist]
model = "blurred_threshold"
[throughput]
dose_mj_cm2 = 20
[metrology]
placement = "given"
[[metrology.gauge]]
name = "space"
x_nm = 22
y_nm = 22
length_nm = 43
END
}

finish() {
  if [ $failures -gt 0 ]; then
    echo "$failures checks failed"
    exit 1
  fi
  echo "all checks passed"
  exit 0
}
