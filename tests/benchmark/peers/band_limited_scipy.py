# SPDX-License-Identifier: MIT
"""What a good programmer would write instead of Undulith: Abbe's sum on the band-limited grid with scipy.

usage: band_limited_scipy.py [IMAGING_CASE]

2 x 2 um of metal tracks, NA 0.33, 1036 points of an annulus, 1 nm output, one thread. Each field has only the orders of
the pupil, is transformed on the smallest grid that carries its squared modulus, and the sum is brought to the output grid
by zero padding. With the program IMAGING_CASE (see ../baseline) the ratios to Undulith are printed as well. Skipped with
a message where scipy is absent.
"""

import subprocess
import sys
import time

try:
    import numpy as np
    import scipy.fft
except ImportError:
    print("\npeers: python3-numpy and python3-scipy are not installed: skipped")
    sys.exit(0)

LENGTH_NM, NA, WAVELENGTH_NM = 2000, 0.33, 13.5


def metal_tracks(random):
    """Rectangles x0, x1, y0, y1 of tracks 18 nm wide on a pitch of 36 nm."""
    tracks = []
    for y0 in range(9, LENGTH_NM - 18, 36):
        x0 = random.integers(18, 60)
        while x0 < LENGTH_NM - 40:
            x1 = min(x0 + random.integers(60, 700), LENGTH_NM - 9)
            tracks.append((x0, x1, y0, y0 + 18))
            x0 = x1 + random.integers(18, 60)
    return np.array(tracks, float).T


def annulus():
    step = WAVELENGTH_NM / NA / 1000
    i, j = np.meshgrid(np.arange(-60, 61), np.arange(-60, 61))
    inside = (np.hypot(i, j) * step >= 0.5) & (np.hypot(i, j) * step <= 0.9)
    return step * i[inside], step * j[inside]


def edges(orders, a, b):
    """Fourier coefficients of the intervals a .. b."""
    k = -2j * np.pi * orders[:, None] / LENGTH_NM
    with np.errstate(divide="ignore", invalid="ignore"):
        values = (np.exp(k * b) - np.exp(k * a)) / (k * LENGTH_NM)
    values[orders == 0] = (b - a) / LENGTH_NM
    return values


def by_axes(block, n):
    """Along x only the rows that hold orders."""
    return scipy.fft.ifft(scipy.fft.ifft(block, n, axis=1, norm="forward"), n, axis=0, norm="forward")


def at_once(block, n):
    return scipy.fft.ifft2(block, (n, n), norm="forward")


def image_of(tracks, sigma_x, sigma_y, kind, transform):
    unit = NA / WAVELENGTH_NM * LENGTH_NM  # orders per unit of sigma
    largest = int(unit * 1.95) + 1
    orders = np.arange(-largest, largest + 1)
    spectrum = (edges(orders, tracks[2], tracks[3]) @ edges(orders, tracks[0], tracks[1]).T).astype(kind)
    band = int(2 * unit)
    n = scipy.fft.next_fast_len(2 * band + 1)
    total = np.zeros((n, n))
    for sx, sy in zip(sigma_x, sigma_y):
        x = np.arange(int(np.ceil(unit * (-1 - sx))), int(unit * (1 - sx)) + 1)
        y = np.arange(int(np.ceil(unit * (-1 - sy))), int(unit * (1 - sy)) + 1)
        pupil = np.hypot(x[None, :] / unit + sx, y[:, None] / unit + sy) <= 1
        block = spectrum[y[0] + largest:y[-1] + largest + 1, x[0] + largest:x[-1] + largest + 1] * pupil
        field = transform(block, n)
        total += field.real ** 2 + field.imag ** 2
    half = scipy.fft.rfft2(total) / (n * n * len(sigma_x))
    padded = np.zeros((LENGTH_NM, LENGTH_NM // 2 + 1), complex)
    padded[:band + 1, :band + 1] = half[:band + 1, :band + 1]
    padded[-band:, :band + 1] = half[-band:, :band + 1]
    return scipy.fft.irfft2(padded, (LENGTH_NM, LENGTH_NM), norm="forward"), spectrum, largest


def definition(spectrum, largest, sigma_x, sigma_y, x_nm, y_nm):
    """The image at one point, summed order by order."""
    unit = NA / WAVELENGTH_NM * LENGTH_NM
    orders = np.arange(-largest, largest + 1)
    waves = np.exp(2j * np.pi / LENGTH_NM * (orders[None, :] * x_nm + orders[:, None] * y_nm))
    intensity = 0
    for sx, sy in zip(sigma_x, sigma_y):
        pupil = np.hypot(orders[None, :] / unit + sx, orders[:, None] / unit + sy) <= 1
        intensity += abs((spectrum * waves * pupil).sum()) ** 2
    return intensity / len(sigma_x)


def main():
    tracks, (sigma_x, sigma_y) = metal_tracks(np.random.default_rng(2026)), annulus()
    print(f"\n| peer: band-limited Abbe with scipy {scipy.__version__}, {len(sigma_x)} points, one thread | CPU s | error |"
          " Undulith CPU s | ratio | required |\n|---|---|---|---|---|---|")
    for kind, transform, case, required in ((np.complex128, at_once, "2um", "12 ×"),
                                            (np.complex64, at_once, "2um_single", "18 ×"),
                                            (np.complex128, by_axes, "2um", ""),
                                            (np.complex64, by_axes, "2um_single", "")):
        seconds = []
        for _ in range(2):
            start = time.process_time()
            image, spectrum, largest = image_of(tracks, sigma_x, sigma_y, kind, transform)
            seconds.append(time.process_time() - start)
        error = max(abs(image[y, x] - definition(spectrum.astype(complex), largest, sigma_x, sigma_y, x, y))
                    for x, y in ((137, 901), (1500, 333))) / image.max()
        own = ratio = ""
        if len(sys.argv) > 1:
            output = subprocess.run([sys.argv[1], case, "/dev/null"], capture_output=True, text=True, check=True).stdout
            own_s = float(output.split()[1])
            own, ratio = f"{own_s:.3f}", f"{min(seconds) / own_s:.1f} ×"
        name = f"{np.dtype(kind).name}, {'ifft2' if transform is at_once else 'pruned: ifft along x, then y'}"
        print(f"| {name} | {min(seconds):.2f} | {error:.0e} | {own} | {ratio} | {required} |")


main()
