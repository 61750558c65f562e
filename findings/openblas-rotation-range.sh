#!/bin/sh
# SPDX-License-Identifier: MIT
# OpenBLAS: the Givens rotation of (3e155, 4e155) is zero and that of (3e-165, 4e-165) is infinite.
#
# Software: OpenBLAS 0.3.21 (Debian libopenblas0-pthread 0.3.21+ds-4); reference BLAS 3.11.0 (libblas3 3.11.0-2).
# Expected: drotg returns c, s with c^2 + s^2 = 1 and r = c a + s b. Reference BLAS scales so that nothing
#   overflows or vanishes before r does; here c = 0.6 and s = 0.8 for every size of the pair (3, 4).
# Seen: c, s, r
#     a, b               OpenBLAS drotg          reference drotg            OpenBLAS srotg
#     3, 4               0.6, 0.8, 5             0.6, 0.8, 5                0.6, 0.8, 5
#     3e30, 4e30         0.6, 0.8, 5e30          0.6, 0.8, 5e30             0.6, 0.8, 5e30
#     3e155, 4e155       0, 0, inf               0.6, 0.8, 5e155
#     3e-160, 4e-160     0.599997, 0.799997      0.6, 0.8
#     3e-165, 4e-165     inf, inf, 0             0.6, 0.8, 5e-165
#   a^2 + b^2 is formed in the type of the arguments; srotg forms it in a wider type, so that single precision
#   reaches the ends of its range and double precision does not. No error is reported. For every value of
#   OPENBLAS_CORETYPE that was tried the result is the same.
# Field: an evanescent order of a thick mask grows as exp(kappa d), which is 1e155 at kappa d = 357.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/lists/partial" "$dir/root"
cd "$dir"
debian() {
  apt-get -qq -o APT::Sandbox::User=root -o Dir::State::lists="$dir/lists" -o Dir::Cache="$dir/cache" "$@"
}
set -- libopenblas0-pthread=0.3.21+ds-4 libblas3=3.11.0-2
debian update
# shellcheck disable=SC2046
debian download "$@" $(debian install -s --no-install-recommends "$@" | awk '$1 == "Inst" { print $2 }')
for package in *.deb; do dpkg-deb -x "$package" root; done
multiarch=$(/usr/bin/python3 -c 'import sysconfig; print(sysconfig.get_config_var("MULTIARCH"))')
LD_LIBRARY_PATH=$dir/root/usr/lib/$multiarch
export LD_LIBRARY_PATH

cat > rotate.py <<'END'
import ctypes
import os

folder = os.environ["LD_LIBRARY_PATH"]
openblas = ctypes.CDLL(folder + "/openblas-pthread/libopenblas.so.0")
reference = ctypes.CDLL(folder + "/blas/libblas.so.3")

def rotation(library, name, number, a, b):
    a, b, c, s = number(a), number(b), number(), number()
    getattr(library, name)(*(ctypes.byref(x) for x in (a, b, c, s)))
    return "%.6g %.6g %.6g" % (c.value, s.value, a.value)

for scale in (1.0, 1e30, 1e155, 1e-160, 1e-165):
    row = [rotation(library, "drotg_", ctypes.c_double, 3 * scale, 4 * scale)
           for library in (openblas, reference)]
    if 1e-37 < scale < 1e37:
        row.append(rotation(openblas, "srotg_", ctypes.c_float, 3 * scale, 4 * scale))
    print("%g" % scale, *row, sep=" | ")
END
/usr/bin/python3 rotate.py > out
cat > expected <<'END'
1 | 0.6 0.8 5 | 0.6 0.8 5 | 0.6 0.8 5
1e+30 | 0.6 0.8 5e+30 | 0.6 0.8 5e+30 | 0.6 0.8 5e+30
1e+155 | 0 0 inf | 0.6 0.8 5e+155
1e-160 | 0.599997 0.799997 5.00002e-160 | 0.6 0.8 5e-160
1e-165 | inf inf 0 | 0.6 0.8 5e-165
END
diff expected out || { echo "changed: see the lines above (< as described, > now)"; exit 1; }
echo "seen as described"
