#!/bin/sh
# SPDX-License-Identifier: MIT
# numpy.linalg.norm of a picture of 8192 x 8192 ones in single precision is 4096 or 8192, depending on the BLAS
# package.
#
# Software: numpy 1.24.2 (Debian python3-numpy 1:1.24.2-1+deb12u1) on BLAS 3.11.0 (libblas3 3.11.0-2) or on
#   OpenBLAS 0.3.21 (libopenblas0-pthread 0.3.21+ds-4). Debian's numpy takes the one that is installed.
# Expected: 8192 for ones. For random numbers the root of the sum of squares to about 1e-7, as numpy's sum and
#   mean give it in single precision too (they add in pairs); the page of norm states no loss.
# Seen: norm / exact value
#     picture               libblas3   OpenBLAS, Prescott   OpenBLAS, Sandybridge
#     8192 x 8192 ones      0.5000     1.0000               1.0000
#     8192 x 8192 random    0.8660     0.9985               0.9995
#     4096 x 4096 random    0.9896     0.9998               0.9999
#   norm calls dot(x, x), which adds one product after the other in single precision, in as many partial sums
#   as the kernel of the processor has: one with libblas3. A partial sum stops at 16777216.
# Field: single precision is common for large images. A root mean square that is half, or that changes in the
#   fourth digit with the processor, looks like physics.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/lists/partial" "$dir/root"
cd "$dir"
debian() {
  apt-get -qq -o APT::Sandbox::User=root -o Dir::State::lists="$dir/lists" -o Dir::Cache="$dir/cache" "$@"
}
set -- python3-numpy=1:1.24.2-1+deb12u1 libblas3=3.11.0-2 liblapack3=3.11.0-2 libopenblas0-pthread=0.3.21+ds-4
debian update
# shellcheck disable=SC2046
debian download "$@" $(debian install -s --no-install-recommends "$@" | awk '$1 == "Inst" { print $2 }')
for package in *.deb; do dpkg-deb -x "$package" root; done
lib=$dir/root/usr/lib/$(/usr/bin/python3 -c 'import sysconfig; print(sysconfig.get_config_var("MULTIARCH"))')
export PYTHONPATH="$dir/root/usr/lib/python3/dist-packages"

cat > norm.py <<'END'
import numpy as np

assert np.__version__ == "1.24.2"
for n in (4096, 8192):
    ones = np.ones((n, n), np.float32)
    picture = np.random.default_rng(1).random((n, n), dtype=np.float32)
    exact = np.sqrt(np.sum(picture.astype(float)**2))
    print(n, "ones %.4f random %.4f, by sum %.5f" %
          (np.linalg.norm(ones) / n, np.linalg.norm(picture) / exact, np.sqrt(np.sum(picture**2)) / exact))
END
{
  echo libblas3
  LD_LIBRARY_PATH=$lib/blas:$lib/lapack:$lib /usr/bin/python3 norm.py
  for core in Prescott Sandybridge; do
    echo "OpenBLAS $core"
    OPENBLAS_CORETYPE=$core LD_LIBRARY_PATH=$lib/openblas-pthread:$lib /usr/bin/python3 norm.py
  done
} > out
cat > expected <<'END'
libblas3
4096 ones 1.0000 random 0.9896, by sum 1.00000
8192 ones 0.5000 random 0.8660, by sum 1.00000
OpenBLAS Prescott
4096 ones 1.0000 random 0.9998, by sum 1.00000
8192 ones 1.0000 random 0.9985, by sum 1.00000
OpenBLAS Sandybridge
4096 ones 1.0000 random 0.9999, by sum 1.00000
8192 ones 1.0000 random 0.9995, by sum 1.00000
END
diff expected out || { echo "changed: see the lines above (< as described, > now)"; exit 1; }
echo "seen as described"
