#!/bin/sh
# SPDX-License-Identifier: MIT
# std::cyl_bessel_j of libstdc++ 12 returns -4e33 for J_500(1001), where |J| <= 1.
#
# Software: headers of GCC 12.2.0 (Debian libstdc++-12-dev 12.2.0-14+deb12u1), any compiler of that version.
# Expected: for real x and order n >= 0, |J_n(x)| <= 1. C++17 [sf.cmath.cyl.bessel.j] defines the function for
#   x >= 0 and leaves orders of 128 and more to the implementation. The manual of libstdc++ states no limit of
#   the order. Reference values: mpmath 1.2.1; jn of the C library (right column below) agrees with it.
# Seen: right up to x = 1000. Above, the header takes the expansion for large x whatever the order is. Its
#   terms grow while n^2 / (2 x) is large, so the sum is noise:
#     n     x     std::cyl_bessel_j   J_n(x)
#     500   1000  -0.019033           -0.019033
#     250   1001  -0.010325           -0.010322
#     300   1001  -4.5693             -0.020787
#     500   1001  -4.2204e+33         -0.027021
#     900   1001   3.0523e+146        -0.0086982
#     1000  10000 -68.029             -0.0061255
#   No exception, no NaN, no errno.
# Field: the light of an undulator and of a phase grating are sums of J_n(x) with large n and x.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/lists/partial" "$dir/root"
cd "$dir"
debian() {
  apt-get -qq -o APT::Sandbox::User=root -o Dir::State::lists="$dir/lists" -o Dir::Cache="$dir/cache" "$@"
}
debian update
debian download libstdc++-12-dev=12.2.0-14+deb12u1
dpkg-deb -x libstdc++-12-dev_*.deb root

command -v g++-12 > /dev/null || { echo "g++-12 is missing; install the Debian package g++-12"; exit 2; }
cat > bessel.cpp <<'END'
#include <cmath>
#include <cstdio>
int main() {
  const double orders[] = {500, 250, 300, 500, 900, 1000};
  const double arguments[] = {1000, 1001, 1001, 1001, 1001, 10000};
  for (int i = 0; i < 6; ++i)
    std::printf("%g %g %.4e %.4e\n", orders[i], arguments[i], std::cyl_bessel_j(orders[i], arguments[i]),
                jn(static_cast<int>(orders[i]), arguments[i]));
}
END
include=root/usr/include
g++-12 -std=c++17 -O1 -nostdinc++ -isystem $include/c++/12 -isystem "$include/$(g++-12 -dumpmachine)/c++/12" \
  bessel.cpp -o bessel
./bessel > out
cat > expected <<'END'
500 1000 -1.9033e-02 -1.9033e-02
250 1001 -1.0325e-02 -1.0322e-02
300 1001 -4.5693e+00 -2.0787e-02
500 1001 -4.2204e+33 -2.7021e-02
900 1001 3.0523e+146 -8.6982e-03
1000 10000 -6.8029e+01 -6.1255e-03
END
diff expected out || { echo "changed: see the lines above (< as described, > now)"; exit 1; }
echo "seen as described"
