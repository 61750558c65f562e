#!/bin/sh
# SPDX-License-Identifier: MIT
# npyjs writes double-precision numbers with seven digits, small ones as zero, and nested rows as two zeros.
#
# Software: npyjs 1.2.0 (npm), read back with numpy 1.24.2 (Debian python3-numpy 1:1.24.2-1+deb12u1).
# Expected: numbers of JavaScript are doubles, and npy has '<f8' for them. The page of npyjs says that dump()
#   infers the type of a plain array; what it reads back ought to be what was written.
# Seen: an array with any fraction below 3.4e38 becomes '<f4', whatever is lost:
#     written                            type   numpy reads
#     [13.5, 13.500000001]               <f4    13.5, 13.5
#     [1e-50, 2.5e-50]                   <f4    0, 0
#     [13.500000001, 1e39]               <f8    13.500000001, 1e39    one more number changes the type of all
#     [[1, 2], [300, 4]]                 |u1    0, 0                  nested rows
#   No error. With a Float64Array as input all is right.
# Field: wavelengths differ in the ninth digit between neighbouring samples of a spectrum; cross sections and
#   brightness in SI units leave the range of '<f4'.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$dir" npyjs@1.2.0 > /dev/null
mkdir -p "$dir/lists/partial" "$dir/root"
cd "$dir"
debian() {
  apt-get -qq -o APT::Sandbox::User=root -o Dir::State::lists="$dir/lists" -o Dir::Cache="$dir/cache" "$@"
}
set -- python3-numpy=1:1.24.2-1+deb12u1
debian update
# shellcheck disable=SC2046
debian download "$@" $(debian install -s --no-install-recommends "$@" | awk '$1 == "Inst" { print $2 }')
for package in *.deb; do dpkg-deb -x "$package" root; done
lib=$dir/root/usr/lib/$(/usr/bin/python3 -c 'import sysconfig; print(sysconfig.get_config_var("MULTIARCH"))')
export LD_LIBRARY_PATH="$lib:$lib/blas:$lib/lapack" PYTHONPATH="$dir/root/usr/lib/python3/dist-packages"

cat > dump.mjs <<'END'
import {writeFileSync} from 'node:fs';
import {dump} from 'npyjs';
const arrays = {
  digits: [13.5, 13.500000001], small: [1e-50, 2.5e-50], large: [13.500000001, 1e39],
  nested: [[1, 2], [300, 4]], typed: Float64Array.of(13.5, 13.500000001),
};
for (const [name, array] of Object.entries(arrays)) writeFileSync(name + '.npy', Buffer.from(dump(array)));
END
node dump.mjs
/usr/bin/python3 -c '
import numpy as np
for name in ("digits", "small", "large", "nested", "typed"):
    array = np.load(name + ".npy")
    print(name, array.dtype.str, *("%.12g" % x for x in array.ravel()))
' > out
cat > expected <<'END'
digits <f4 13.5 13.5
small <f4 0 0
large <f8 13.500000001 1e+39
nested |u1 0 0
typed <f8 13.5 13.500000001
END
diff expected out || { echo "changed: see the lines above (< as described, > now)"; exit 1; }
echo "seen as described"
