#!/bin/sh
# SPDX-License-Identifier: MIT
# numpy draws the photons of one wafer exposure with the wrong variance: 0.89 of the mean, or 1.42 of it, or
# even numbers only.
#
# Software: numpy 1.24.2 (Debian python3-numpy 1:1.24.2-1+deb12u1).
# Expected: a Poisson number of mean m has variance m, exactly. The page of Generator.poisson states only m >=
#   0; larger means than 9.2e18 raise an error, so all below are supported. With 200000 draws the variance has
#   a statistical error of 0.3 per cent.
# Seen: variance / mean
#     mean 1e12      1.00
#     mean 1.36e15   0.89    (20 mJ/cm^2 of 13.5 nm light are 1.36e15 photons per cm^2)
#     mean 1e16      1.42    and every number is even
#   The acceptance test subtracts terms of 5e17 in double precision; their rounding is as large as their
#   difference. The mean is right, so a test of the mean passes. Since July 2026 an open report (numpy issue
#   31986).
# Field: shot noise is the variance. Counting the photons of a field and dividing by the voxels gives this;
#   counting per voxel (means below 1e9) does not.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
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

cat > noise.py <<'END'
import numpy as np

as_described = np.__version__ == "1.24.2"
for mean, ratio, parity in ((10**12, 1.0, 0.5), (136 * 10**13, 0.89, 0.5), (10**16, 1.42, 0.0)):
    for seed in (1, 2):
        counts = np.random.default_rng(seed).poisson(float(mean), 200000)
        from_mean = (counts - mean).astype(float)  # exact: the difference is small
        seen = np.mean(from_mean**2) / mean
        print("mean %g seed %d: variance / mean %.3f, odd numbers %.3f, mean off by %.1f standard errors" %
              (mean, seed, seen, np.mean(counts % 2), np.mean(from_mean) / np.sqrt(mean / len(counts))))
        as_described = as_described and abs(seen - ratio) < 0.015 and abs(np.mean(counts % 2) - parity) < 0.01
print("seen as described" if as_described else "changed")
raise SystemExit(not as_described)
END
/usr/bin/python3 noise.py
