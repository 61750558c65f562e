# SPDX-License-Identifier: MIT
# Reference cases that need third-party files: skipped without them, compared with them.
. "$(dirname "$0")/support.sh"
third_party=${UNDULITH_SHARED:-}
unset UNDULITH_SHARED

run verify --only KLITHO
[ "$status" = 0 ] || [ "$status" = 1 ] || fail "verify without third-party files: exit code $status: $(cat stderr)"
grep -q 'skip  (needs' stdout || fail "verify without third-party files skips no case: $(cat stdout)"

mkdir none
refused 2 "'$scratch/absent' is not a folder of third-party data" verify --third-party "$scratch/absent"
run verify --only KLITHO --third-party none
grep -q 'skip  (needs' stdout || fail "verify with an empty folder skips no case: $(cat stdout)"

if [ -n "$third_party" ]; then
  accepted ', 0 failed, 0 skipped' verify --only KLITHO --third-party "$third_party"
  UNDULITH_SHARED=$third_party
  export UNDULITH_SHARED
  accepted ', 0 failed, 0 skipped' verify --only KLITHO
  # The option goes before the variable.
  run verify --only KLITHO --third-party none
  grep -q 'skip  (needs' stdout || fail "verify --third-party does not go before UNDULITH_SHARED: $(cat stdout)"
fi
finish
