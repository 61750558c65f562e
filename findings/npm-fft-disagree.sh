#!/bin/sh
# SPDX-License-Identifier: MIT
# Two FFT packages of npm disagree about the sign of "forward", and one is a million times less accurate.
#
# Software: ndarray-fft 1.0.3 with ndarray 1.0.19, and fft.js 4.0.4 (npm).
# Expected: forward means sum x_j exp(-2 pi i j k / N), as in FFTW, numpy and fft.js, with a relative error of
#   some 1e-16. The page of ndarray-fft speaks of "forward or inverse" and of the factor 1/N, not of the sign
#   or of accuracy. The test signal is exp(2 pi i 7 j / N): its transform is N at k = 7 and 0 elsewhere. numpy
#   1.24.2 gives that to 3e-16.
# Seen: ndarray-fft puts the tone at k = N - 7: its forward transform has the sign of the others' inverse. The
#   power spectrum of real input is the same, so the difference hides until a phase matters. Its relative
#   error (root of the sum of squares) grows with N, since the twiddle factors come from a recurrence:
#     N          ndarray-fft        fft.js
#     1024       4.9e-13            2e-16
#     131072     4.8e-09            3e-16
#     1000003    2.3e-06  (prime)   only powers of two
# Field: with the other sign defocus turns into its opposite and the image of coma is mirrored. An error of
#   1e-6 of the strongest order hides the weak orders of a mask.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$dir" \
  ndarray-fft@1.0.3 ndarray@1.0.19 fft.js@4.0.4 > /dev/null
cat > "$dir/tone.js" <<'END'
const ndarrayFft = require('ndarray-fft'), ndarray = require('ndarray'), FFT = require('fft.js');

// [place of the peak, relative error] of the forward transform of exp(2 pi i 7 j / n)
function transformed(n, forward) {
  const re = new Float64Array(n), im = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    const angle = 2 * Math.PI * ((7 * j) % n) / n;
    re[j] = Math.cos(angle);
    im[j] = Math.sin(angle);
  }
  const [x, y] = forward(re, im);
  const power = x.map((value, k) => value ** 2 + y[k] ** 2);
  const peak = power.indexOf(power.reduce((a, b) => Math.max(a, b)));
  let sum = 0;
  for (let k = 0; k < n; k++) sum += (x[k] - (k === peak ? n : 0)) ** 2 + y[k] ** 2;
  return [peak, Math.sqrt(sum) / n];
}

function byNdarrayFft(re, im) {
  ndarrayFft(1, ndarray(re), ndarray(im));
  return [re, im];
}

function byFftJs(re, im) {
  const n = re.length, fft = new FFT(n), input = fft.createComplexArray(), output = fft.createComplexArray();
  for (let j = 0; j < n; j++) [input[2 * j], input[2 * j + 1]] = [re[j], im[j]];
  fft.transform(output, input);
  return [re.map((_, k) => output[2 * k]), im.map((_, k) => output[2 * k + 1])];
}

let asDescribed = true;
for (const [n, forward, peak, from, to] of [
  [1024, byFftJs, 7, 0, 1e-15], [131072, byFftJs, 7, 0, 1e-13], [1024, byNdarrayFft, 1017, 1e-13, 1e-11],
  [131072, byNdarrayFft, 131065, 1e-9, 1e-7], [1000003, byNdarrayFft, 999996, 1e-7, 1e-4]]) {
  const [place, error] = transformed(n, forward);
  console.log(n, forward.name, 'peak at', place, 'relative error', error.toExponential(1));
  asDescribed = asDescribed && place === peak && error >= from && error <= to;
}
console.log(asDescribed ? 'seen as described' : 'changed');
process.exit(asDescribed ? 0 : 1);
END
node "$dir/tone.js"
