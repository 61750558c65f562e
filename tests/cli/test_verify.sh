# SPDX-License-Identifier: MIT
# Reference cases that need third-party files: skipped without them, compared with them.
. "$(dirname "$0")/support.sh"
third_party=${UNDULITH_SHARED:-}
unset UNDULITH_SHARED

run verify --only KLITHO
[ "$status" = 0 ] || [ "$status" = 1 ] || fail "verify without third-party files: exit code $status: $(cat stderr)"
grep -q 'skip  (needs' stdout || fail "verify without third-party files skips no case: $(cat stdout)"

# A case that cannot be read is one line that failed, one without its file is skipped, and a file that no case reads
# is named; the others are compared.
mkdir -p broken/imaging broken/other
echo '{"columns": ["pitch"], "rows": [[' >broken/imaging/I01.json
echo '{"columns": ["x_nm", "i"], "rows": []}' >broken/imaging/I06.json
echo '{"columns": ["x_nm"], "rows": [[1]]}' >broken/imaging/I09.json
echo '{}' >broken/imaging/I99.json
echo '{}' >broken/other/N1.json
run verify broken
[ "$status" = 1 ] || fail "verify with cases that cannot be read: exit code $status: $(cat stderr)"
for id in I01 I06 I09; do
  grep "^$id " stdout | grep -q 'cannot be compared.*FAIL' || fail "no failed line of $id: $(cat stdout)"
done
for line in 'I99 .*no case of this version reads it' 'N1 .*no case of this version reads it' \
  'M01 .*needs mask/ml_M01.csv' 'A01 .*needs resist/A01' 'L01 .*needs mask/fmm_L01.csv' 'U1 .*needs source/U1'; do
  grep -Eq "^$line" stdout || fail "no line '$line': $(cat stdout)"
done
run --json verify broken
"$json_check" <stdout || fail 'verify --json with cases that cannot be read is not one JSON document'

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
