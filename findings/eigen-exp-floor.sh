#!/bin/sh
# SPDX-License-Identifier: MIT
# Eigen: exp of an array of equal numbers is an array of unequal numbers, and exp(-2000) is not zero.
#
# Software: Eigen 3.4.0 (Debian libeigen3-dev 3.4.0-4); any C++17 compiler for x86-64, with or without
#   optimisation, -march=native and EIGEN_FAST_MATH=0.
# Expected: the page of coefficient-wise functions describes exp and log of an array as std::exp and std::log
#   of each element. Equal elements then give equal results; exp(-2000) = 0 and log(1e-310) = -713.801 in IEEE
#   double precision.
# Seen: whole SIMD packets use a polynomial whose argument is clamped: exp never falls below 5.556e-309 and
#   log never below -708.396. The rest of the array, which fills no packet, uses the C library. For 33 equal
#   elements:
#                    element 0    element 32
#     exp(-720)      5.556e-309   2.032e-313
#     exp(-750)      5.556e-309   0
#     exp(-2000)     5.556e-309   0
#     log(1e-310)    -708.396     -713.801
#   A weight exp(-E) that ought to vanish stays, and a test for "is exactly zero" depends on the place in the
#   array.
# Field: transmissions through thick absorbers, Poisson probabilities exp(-n) of photon numbers, decaying
#   modes.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/lists/partial" "$dir/root"
cd "$dir"
debian() {
  apt-get -qq -o APT::Sandbox::User=root -o Dir::State::lists="$dir/lists" -o Dir::Cache="$dir/cache" "$@"
}
debian update
debian download libeigen3-dev=3.4.0-4
dpkg-deb -x libeigen3-dev_*.deb root

cat > floor.cpp <<'END'
#include <Eigen/Core>
#include <cstdio>
int main() {
  std::printf("Eigen %d.%d.%d\n", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION);
  for (const double x : {-700., -720., -750., -2000.}) {
    const Eigen::ArrayXd y = Eigen::ArrayXd::Constant(33, x).exp();
    std::printf("exp(%g): %.3e %.3e\n", x, y(0), y(32));
  }
  const Eigen::ArrayXd y = Eigen::ArrayXd::Constant(33, 1e-310).log();
  std::printf("log(1e-310): %.3f %.3f\n", y(0), y(32));
}
END
c++ -std=c++17 -O1 -isystem root/usr/include/eigen3 floor.cpp -o floor
./floor > out
cat > expected <<'END'
Eigen 3.4.0
exp(-700): 9.860e-305 9.860e-305
exp(-720): 5.556e-309 2.032e-313
exp(-750): 5.556e-309 0.000e+00
exp(-2000): 5.556e-309 0.000e+00
log(1e-310): -708.396 -713.801
END
diff expected out || { echo "changed: see the lines above (< as described, > now)"; exit 1; }
echo "seen as described"
