#!/bin/sh
# SPDX-License-Identifier: MIT
# manifest.json, undulith keygen, attest, audit, reveal, ledger: whole chains, and ten ways of tampering with them.
. "$(dirname "$0")/support.sh"

# write_lines_layout FILE.gds WIDTH_NM
write_lines_layout() {
  accepted '' pattern line_space -o "$1" --width-nm "$2" --pitch-nm 44
}

# change FILE OLD NEW: the first of a text in a file; \n in NEW is a line end, \\n the two characters
change() {
  grep -qF -- "$2" "$1" || fail "$1 has no $2"
  awk -v old="$2" -v new="$3" '!done && (i = index($0, old)) {
    $0 = substr($0, 1, i - 1) new substr($0, i + length(old)); done = 1 } { print }' "$1" >change.tmp
  mv change.tmp "$1"
}

# broken_at LINK TEXT ARGUMENT...: an audit that fails, with this first broken link
broken_at() {
  link=$1 text=$2
  shift 2
  run audit "$@"
  [ "$status" = 1 ] || fail "audit $*: exit code $status instead of 1: $(cat stderr)"
  grep "^first broken link: $link: " stdout | grep -qF -- "$text" ||
    fail "audit $*: no broken link $link with \"$text\": $(cat stdout)"
}

# A chain: a job on a layout and a table of the pupil.
write_lines_layout clip.gds 22
cat >job.toml <<'END'
title = "lines of a layout"
[source]
kind = "monochromatic"
[illuminator]
shape = "points"
points_file = "points.csv"
[layout]
file = "clip.gds"
boundary = "periodic"
[imaging]
output_pitch_nm = 2
END
printf 'sigma_x,sigma_y,weight\n0.3,0,1\n-0.3,0,1\n' >points.csv
accepted '' run job.toml --out one
[ -s one/manifest.json ] || fail 'run wrote no manifest'
"$json_check" <one/manifest.json || fail 'manifest.json is not one JSON document'
accepted 'whole' audit one
accepted_json audit one --json
grep -q '"whole": true' stdout || fail 'audit --json does not say that all is whole'

# Keys: never replaced, and read by other tools.
accepted 'wrote alice.key' keygen alice
accepted '' keygen bob
refused 2 'exists' keygen alice
[ "$(stat -c %a alice.key)" = 600 ] || fail 'others may read the private key'

# Signatures of two parties.
accepted 'signed one/manifest.json' attest one --key alice.key
accepted '' attest one --key bob.key
accepted 'signed by alice.pub' audit one --trust alice.pub --trust bob.pub
refused 2 'is no private key' attest one --key alice.pub
if command -v openssl >/dev/null && command -v xxd >/dev/null; then
  sed -n 's/.*"signature": "\([0-9a-f]*\)".*/\1/p' one/manifest.signatures.json | head -1 | xxd -r -p >signature
  openssl pkeyutl -verify -pubin -inkey alice.pub -rawin -in one/manifest.json -sigfile signature >openssl.out ||
    fail "openssl does not accept the signature: $(cat openssl.out)"
fi

# The same results from the manifest, anywhere.
accepted 'files are the same' run one/manifest.json --out deeper/again
cmp -s one/measurements.csv deeper/again/measurements.csv || fail 'a manifest gave another table'
accepted_json run one/manifest.json --out again2 --json
accepted '' check one/manifest.json
# Warnings name the place in a file; results do not.
accepted_or_warned() { run "$@"; [ "$status" = 0 ] || fail "$*: $(cat stderr)"; }
sed 's/shape = "points"/shape = "conventional"/' job.toml >warned.toml
accepted_or_warned run warned.toml --out warned
accepted_or_warned run warned/manifest.json --out deeper/warned

# Ten tamperings.
tampered() {
  rm -rf bad
  cp -r one bad
}
tampered; change bad/measurements.csv printed Printed
broken_at outputs 'measurements.csv has other content' bad --trust alice.pub
tampered; head -c 100 one/aerial_image.npy >bad/aerial_image.npy
broken_at outputs 'aerial_image.npy is truncated or replaced: 100 of' bad
tampered; rm bad/summary.json
broken_at outputs 'summary.json is missing' bad
tampered; change bad/manifest.json 'sigma_outer' 'sigma_outer '
broken_at signature 'is not of this manifest' bad --trust alice.pub
tampered; rm bad/manifest.signatures.json; change bad/manifest.json 'na = 0.33' 'na = 0.35'
broken_at image 'does not follow from its tables' bad
broken_at signature 'not signed' bad --trust alice.pub
tampered; rm bad/manifest.signatures.json; change bad/job.resolved.toml 'na = 0.33' 'na = 0.35'
new=$(sha256sum bad/job.resolved.toml | cut -d' ' -f1) old=$(sha256sum one/job.resolved.toml | cut -d' ' -f1)
change bad/manifest.json "$old" "$new"
broken_at job 'the job of the manifest is not that of job.resolved.toml' bad
tampered; rm bad/manifest.signatures.json; change bad/manifest.json '"undulith": "' '"undulith": "0.0.1-'
broken_at light 'the version' bad
accepted '' keygen mallory
tampered; rm bad/manifest.signatures.json
accepted '' attest bad --key mallory.key
broken_at signature 'not signed by a key that is trusted' bad --trust alice.pub
cp clip.gds kept.gds; accepted '' pattern line_space -o clip.gds --width-nm 20 --pitch-nm 44 --force
broken_at layout 'clip.gds' one
refused 2 'these results came from another content' run one/manifest.json --out again3
refused 2 'from another content' run one/manifest.json --out again3 --set title=x
refused 2 'are not signed' attest one --key alice.key
[ ! -e again3 ] || fail 'a refused run left a folder'
mv clip.gds gone.gds
accepted 'clip.gds is not here: not checked' audit one
mv kept.gds clip.gds
tampered; printf '{"format": "undulith manifest 1", ' >bad/manifest.json
broken_at manifest 'bad/manifest.json:1: error: no JSON' bad

tampered; rm bad/manifest.signatures.json; printf '\0hidden' >>bad/manifest.json
broken_at manifest 'no JSON (a byte 0)' bad
tampered; rm bad/manifest.signatures.json
change bad/manifest.json '"inputs": [' '"inputs": [{"file": "../job.toml", "bytes": 5, "sha256": "'"$(printf '%064d' 0)"'"},'
broken_at measurements '../job.toml' bad
# What audit calls broken is not signed; a line of the report cannot be forged; an empty list of signatures is none.
tampered; change bad/manifest.json 'na = 0.33' 'na = 0.55'
refused 2 'are not signed' attest bad --key alice.key
tampered; change bad/manifest.json '"title": "' '"title": "a\\n  ok      signature     signed by alice.pub'
run audit bad
[ "$(grep -c '^  ok      signature     signed by alice.pub' stdout)" = 0 ] || fail 'a title became a line of the audit'
tampered; sed -i '/"signatures": \[/,/\]/c"signatures": []' bad/manifest.signatures.json
accepted 'not signed' audit bad
broken_at signature 'not signed' bad --trust alice.pub
# Files that nobody vouches for.
tampered; echo more >bad/more.csv
accepted 'has no hash of them: more.csv' audit bad
# Results that were changed and listed anew are not reproduced, even into their own folder.
tampered; rm bad/manifest.signatures.json; change bad/measurements.csv printed Printed
new=$(sha256sum bad/measurements.csv | cut -d' ' -f1) old=$(sha256sum one/measurements.csv | cut -d' ' -f1)
change bad/manifest.json "$old" "$new"
run run bad/manifest.json --out bad --force
[ "$status" = 1 ] && grep -q 'measurements.csv has other content' stdout || fail 'a run compared its results with themselves'
# Files beside a file count as well.
accepted '' kernels job.toml --out kernels --set imaging.spectrum=line --set mask.model=thin
accepted '' run job.toml --out with_kernels --set imaging.method=socs --set imaging.spectrum=line --set mask.model=thin --set imaging.kernel_file=kernels/kernels.npy
accepted 'kernels.npy is the file that was used' audit with_kernels
accepted 'made in kernels' audit kernels with_kernels
printf x >>kernels/eigenvalues.npy
broken_at image 'eigenvalues.npy' with_kernels

# A layout that is not shown.
refused 2 'automatic gauge' attest one --key alice.key --conceal layout --out share
refused 2 'lies in the folder' attest one --key alice.key --conceal layout --out share --keep measurements.csv --secrets share/s.json
mkdir full; touch full/file
refused 2 'has files' attest one --key alice.key --conceal layout --out full --keep measurements.csv
refused 2 'name it with --out' attest one --key alice.key --conceal layout
refused 2 'no such file among the results' attest one --key alice.key --conceal layout --out share --keep none.csv
refused 2 'names the layout' attest one --key alice.key --conceal layout --out share --keep job.resolved.toml
[ ! -e share ] && [ ! -e share.secrets.json ] || fail 'a refused attest left files'
accepted 'signed share/manifest.json' attest one --key alice.key --conceal layout --out share --tile-nm 11 --keep measurements.csv
grep -qF clip.gds -r share && fail 'the folder names the layout'
grep -qE '"wall_s"|\.\./points' share/manifest.json && fail 'the manifest names more than it has to'
accepted '' attest one --key alice.key --conceal layout --out slash/ --keep measurements.csv
[ -f slash.secrets.json ] || fail 'the secrets of slash/ do not lie beside it'
[ "$(ls share)" = "manifest.json
manifest.signatures.json
measurements.csv" ] || fail "the folder holds $(ls share)"
[ "$(stat -c %a share.secrets.json)" = 600 ] || fail 'others may read the secrets'
accepted 'concealed' audit share --trust alice.pub
refused 2 'conceals its layout' run share/manifest.json
accepted '' reveal share.secrets.json --tile 1,0 -o tile.json
accepted '' reveal share.secrets.json --tile 0,0 -o tile2.json
accepted 'tile 1,0 of tile.json is part of the layout' audit share --opening tile.json --opening tile2.json
refused 2 'no tile 99,0' reveal share.secrets.json --tile 99,0 -o x.json
refused 2 'exists' reveal share.secrets.json --tile 1,0 -o share.secrets.json
refused 2 'no withheld file none.csv' reveal share.secrets.json --file none.csv -o x.json
refused 2 'give one of' reveal share.secrets.json -o x.json
accepted '' reveal share.secrets.json --file summary.json -o file.json
broken_at opening 'is opened and not here' share --opening file.json
cp one/summary.json share/
accepted 'summary.json is the file that was committed to' audit share --opening file.json
accepted '' attest one --key alice.key --conceal layout --out share2 --tile-nm 11 --keep measurements.csv
accepted '' reveal share2.secrets.json --tile 1,0 -o foreign.json
broken_at opening 'is not part of the layout' share --opening foreign.json
sed "s/$(sed -n 's/.*"salt": "\([0-9a-f]*\)".*/\1/p' tile2.json)/$(sed -n 's/.*"salt": "\([0-9a-f]*\)".*/\1/p' tile.json)/" tile2.json >reused.json
broken_at opening 'have the same salt' share --opening tile.json --opening reused.json
cp tile.json copy.json
accepted 'is part of the layout' audit share --opening tile.json --opening copy.json
refused 2 'no_such.json' audit share --opening no_such.json
refused 2 'belongs to one folder' audit share share2 --opening tile.json

# A ledger.
accepted 'entry 1' ledger add record --of clip.gds --step design --party designer --key alice.key
accepted 'entry 2' ledger add record --of one --step opc --party designer --key alice.key --made-from 1
head=$(sed -n 's/^head //p' stdout)
accepted 'entry 2, opc by designer' audit one --ledger record
accepted '2 entries, whole' ledger verify record --trust alice.pub --head "$head"
accepted_json ledger show record --json
broken_at ledger 'a key that is not trusted' one --ledger record --trust bob.pub
refused 2 'UTF-8' ledger add record --of clip.gds --step mask --party "$(printf 'a\377')" --key bob.key
refused 2 '64 hexadecimal digits' ledger verify record --head 12ab
printf '%s' "$(cat record)" >cut
refused 2 'breaks off' ledger add cut --of clip.gds --step mask --party shop --key bob.key
[ "$(cat cut)" = "$(cat record)" ] || fail 'an entry was dropped'
refused 2 'with another key' ledger add record --of clip.gds --step mask --party designer --key bob.key
refused 2 'entries 1 to 2' ledger add record --of clip.gds --step mask --party shop --key bob.key --made-from 3
refused 2 'needs --of' ledger add record --step mask --party shop --key bob.key
cp -r one older
accepted '' run job.toml --out one --force
accepted 'entry 3' ledger add record --of ./one/ --step opc --party designer --key alice.key --made-from 1
mv one newer
mv older one
broken_at ledger 'an older version: entry 2' one --ledger record
# The first version again is the last entry.
cp record back
accepted 'entry 4' ledger add back --of one/manifest.json --step opc --party designer --key alice.key
accepted 'entry 4, opc by designer' audit one --ledger back
run ledger verify record --trust bob.pub
[ "$status" = 1 ] && grep -q 'not trusted' stdout || fail 'a key that is not trusted was accepted'
sed '2{h;d};3{G}' record >moved
run ledger verify moved
[ "$status" = 1 ] && grep -q 'moved:2: entry 2 does not follow' stdout || fail "an order that was changed: $(cat stdout)"
head -n 2 record >short
run ledger verify short --head "$head"
[ "$status" = 1 ] && grep -q 'the file was shortened' stdout || fail 'a ledger without its end was accepted'
# Writers take turns.
for i in 1 2 3 4 5 6; do
  "$undulith" ledger add record --of clip.gds --step mask --party shop --key bob.key -q >"out.$i" 2>&1 &
done
wait
accepted '9 entries, whole' ledger verify record

# Every command that writes a folder writes a manifest.
accepted '' source job.toml --out light
accepted '' sweep job.toml --vary metrology.threshold=0.3,0.31 -o swept
printf '[source]\nkind = "monochromatic"\nstatus = "design"\ncitation = "a line"\n' >source.toml
accepted '' compare job.toml --source source.toml --source source.toml --out compared
grep -q '"file": "../source.toml"' compared/manifest.json || fail 'a file of the command line is no input'
grep -q '"compare"' compared/manifest.json || fail 'the command line is not recorded'
for folder in light swept compared; do
  accepted whole audit $folder
done
refused 2 'is of undulith source' run light/manifest.json

finish
