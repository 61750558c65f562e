#!/bin/sh
# SPDX-License-Identifier: MIT
# scipy.special: the functions of a slit pupil and of a round pupil return 2e7 for -0.24 and -1e23 for
# -0.0008.
#
# Software: scipy 1.10.1 (Debian python3-scipy 1.10.1-2), numpy 1.24.2.
# Expected: S_0n(c, x) with |x| < 1 in the normalisation of Flammer: S_0n(c, 0) = P_n(0) for even n. The page
#   of pro_ang1 states 0 <= n and |x| < 1, and no limit of c. Reference: the Legendre coefficients are an
#   eigenvector of a symmetric tridiagonal matrix (all its entries are known in closed form); numpy finds it
#   in double precision, and mpmath 1.2.1 with 50 digits gives the same ten digits.
# Seen: at x = 0.5
#      n    c     pro_ang1       S_0n(c, 0.5)
#      0   10     0.2923371      0.2923371
#     20   40     0.1918881      0.1917222     1e-3 wrong
#     20   60    -3.498366      -0.1394841     25 times too large
#      0  100    -7.16707e-05    1.690335e-06  wrong sign; mode 0 is positive on all of (-1, 1)
#     20  100     2.394125e+07  -0.2384654
#   The characteristic values of pro_cv are right to 14 digits, and there is no warning.
# Second: besselpoly(a, 1, 0), documented as the integral of x J_0(2 a x) from 0 to 1 without a limit of a.
#   The integral is J_1(2 a) / (2 a), the field of a round pupil (Airy), with scipy's own j1:
#      a    besselpoly     J_1(2a) / (2a)
#      5    0.00434727     0.00434727
#     20    0.00431549     0.00315096
#     50   -1.04e+23      -0.000771454
#   A power series with terms of both signs is summed in double precision.
# Field: these functions are the coherent modes of a slit source behind a slit pupil (2 c / pi modes carry the
#   light). They are the natural check of the kernels of an imaging code, and c = 60 is only 38 modes.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/lists/partial" "$dir/root"
cd "$dir"
debian() {
  apt-get -qq -o APT::Sandbox::User=root -o Dir::State::lists="$dir/lists" -o Dir::Cache="$dir/cache" "$@"
}
set -- python3-scipy=1.10.1-2 python3-numpy=1:1.24.2-1+deb12u1
debian update
# shellcheck disable=SC2046
debian download "$@" $(debian install -s --no-install-recommends "$@" | awk '$1 == "Inst" { print $2 }')
for package in *.deb; do dpkg-deb -x "$package" root; done
lib=$dir/root/usr/lib/$(/usr/bin/python3 -c 'import sysconfig; print(sysconfig.get_config_var("MULTIARCH"))')
export LD_LIBRARY_PATH="$lib:$lib/blas:$lib/lapack" PYTHONPATH="$dir/root/usr/lib/python3/dist-packages"

cat > modes.py <<'END'
import numpy as np
import scipy
from numpy.polynomial.legendre import legval
from scipy.special import besselpoly, j1, pro_ang1

def reference(n, c, x, size=400):
    k = np.arange(float(size))
    main = k * (k + 1) + c * c * (2 * k * (k + 1) - 1) / ((2 * k + 3) * (2 * k - 1))
    side = (c * c * (k + 2) * (k + 1) / ((2 * k + 3) * np.sqrt((2 * k + 1) * (2 * k + 5))))[:-2]
    vectors = np.linalg.eigh(np.diag(main) + np.diag(side, 2) + np.diag(side, -2))[1]
    series = vectors[:, n] * np.sqrt(k + 0.5)
    return legval(x, series) / legval(0.0, series) * legval(0.0, [0] * n + [1])

for version, wanted in ((scipy.__version__, "1.10.1"), (np.__version__, "1.24.2")):
    assert version == wanted, version
changed = False
for n, c, wrong in ((0, 10, lambda a, b: abs(a - b) < 1e-9), (20, 60, lambda a, b: a / b > 10),
                    (20, 40, lambda a, b: 1e-4 < abs(a / b - 1) < 1e-2), (0, 100, lambda a, b: a < 0 < b),
                    (20, 100, lambda a, b: abs(a) > 1e6 * abs(b))):
    seen, right = pro_ang1(0, n, c, 0.5)[0], reference(n, c, 0.5)
    print(n, c, "%.6e %.6e" % (seen, right))
    changed = changed or not wrong(seen, right)
for a, wrong in ((5.0, lambda x, y: abs(x / y - 1) < 1e-9), (20.0, lambda x, y: 0.1 < x / y - 1 < 1),
                 (50.0, lambda x, y: abs(x) > 1e20)):
    seen, right = besselpoly(a, 1.0, 0.0), j1(2 * a) / (2 * a)
    print(a, "%.6e %.6e" % (seen, right))
    changed = changed or not wrong(seen, right)
print("changed" if changed else "seen as described")
raise SystemExit(changed)
END
/usr/bin/python3 modes.py
