// SPDX-License-Identifier: MIT
#include "undulith/math/periodic_interpolation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

#include <boost/math/special_functions/bessel.hpp>

#include "undulith/core/constants.hpp"
#include "undulith/core/large_buffer.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/core/simd.hpp"
#include "undulith/math/fft.hpp"

namespace undulith::math {
namespace {

using Complex = std::complex<double>;
constexpr double kPi = constants::kPi;

constexpr int kWidth = 14;  // of the window, in steps of the fine grid
constexpr int kOversampling = 2;
// The shape for which what folds back is smallest at this oversampling.
const double kBeta = kPi * kWidth * (1 - 1.0 / (2 * kOversampling));

// Rows that one thread makes at a time, and columns whose source rows then stay in the nearest cache.
constexpr int kRowsAChunk = 64;
constexpr int kColumnsABlock = 256;

double window(double t) {
  const double u = 2 * t / kWidth;
  return u * u < 1 ? boost::math::cyl_bessel_i(0, kBeta * std::sqrt(1 - u * u)) : 0;
}

// Fourier transform of the window at `frequency` cycles per step.
double window_spectrum(double frequency) {
  const double a = kPi * kWidth * frequency;
  const double root = std::sqrt(kBeta * kBeta - a * a);
  return kWidth * std::sinh(root) / root;
}

// For each sample of the range: its first neighbour on the fine grid and the weights of kWidth of them.
struct Stencil {
  std::vector<int> first;
  std::vector<double> weights;
};
Stencil stencil_of(const SampleRange& range, int n_fine) {
  Stencil stencil;
  // Places between two samples of the fine grid recur with the greatest common divisor of the two numbers.
  const long long n = range.n;
  std::unordered_map<long long, std::array<double, kWidth>> known;
  for (int i = 0; i < range.count; ++i) {
    const long long product = static_cast<long long>(range.first + i) * n_fine;
    const long long whole = product / n, rest = product % n;
    const auto [entry, is_new] = known.try_emplace(rest);
    if (is_new)
      for (int k = 0; k < kWidth; ++k)
        entry->second[static_cast<std::size_t>(k)] =
            window(static_cast<double>(rest) / static_cast<double>(n) + kWidth / 2 - 1 - k);
    stencil.first.push_back(static_cast<int>(whole) - kWidth / 2 + 1);
    stencil.weights.insert(stencil.weights.end(), entry->second.begin(), entry->second.end());
  }
  return stencil;
}

// out = sum_k weights[k] rows[k], `count` elements each.
UNDULITH_SIMD_CLONES
void combine_rows(const double* const* rows, const double* weights, double* __restrict out, int count) {
  static_assert(kWidth == 14, "the sum below has 14 terms");
  const double *r0 = rows[0], *r1 = rows[1], *r2 = rows[2], *r3 = rows[3], *r4 = rows[4], *r5 = rows[5],
               *r6 = rows[6], *r7 = rows[7], *r8 = rows[8], *r9 = rows[9], *r10 = rows[10], *r11 = rows[11],
               *r12 = rows[12], *r13 = rows[13];
  const double* w = weights;
  for (int i = 0; i < count; ++i) {
    const double a = w[0] * r0[i] + w[1] * r1[i] + w[2] * r2[i] + w[3] * r3[i] + w[4] * r4[i];
    const double b = w[5] * r5[i] + w[6] * r6[i] + w[7] * r7[i] + w[8] * r8[i] + w[9] * r9[i];
    out[i] = a + b + w[10] * r10[i] + w[11] * r11[i] + w[12] * r12[i] + w[13] * r13[i];
  }
}

// Neighbours of a sample as an index of 0 .. n - 1 each.
int wrapped(int index, int n) {
  return (index % n + n) % n;
}

// Output rows that are made side by side. They differ in the lanes of a vector, so that the sum over neighbours
// along x reads and writes whole vectors.
constexpr int kStripRows = 8;
using StripLanes = double __attribute__((vector_size(kStripRows * sizeof(double))));

// A piece of the fine grid for kStripRows output rows: [place][lane], place 0 being kWidth / 2 - 1 samples before the
// first one, so that no neighbour is out of range.
void fill_strip(const std::vector<double>& fine, int nx, int ny, const Stencil& along_y, int first_row,
                int n_rows, std::vector<double>& row, std::vector<double>& strip) {
  for (int lane = 0; lane < n_rows; ++lane) {
    const std::size_t i = static_cast<std::size_t>(first_row + lane);
    const double* source[kWidth];
    for (int k = 0; k < kWidth; ++k)
      source[k] = fine.data() +
                  static_cast<std::size_t>(wrapped(along_y.first[i] + k, ny)) * static_cast<std::size_t>(nx);
    combine_rows(source, along_y.weights.data() + i * kWidth, row.data(), nx);
    constexpr int kBefore = kWidth / 2 - 1;
    double* to = strip.data() + lane;
    // The last samples before the first one, the row, and the first samples behind the last one.
    for (int k = nx - kBefore; k < nx; ++k, to += kStripRows) *to = row[static_cast<std::size_t>(k)];
    for (int k = 0; k < nx; ++k, to += kStripRows) *to = row[static_cast<std::size_t>(k)];
    for (int k = 0; k < kWidth - kBefore; ++k, to += kStripRows) *to = row[static_cast<std::size_t>(k)];
  }
}

// kStripRows output rows of `count` samples from a strip; those beyond n_rows are not written.
UNDULITH_SIMD_CLONES
void combine_strip(const double* strip, const int* first, const double* weights, int count, int n_rows,
                   double* out, std::size_t out_stride) {
  constexpr int kBefore = kWidth / 2 - 1;
  constexpr int kTile = 8;  // samples that are written at a time
  for (int begin = 0; begin < count; begin += kTile) {
    const int n = count - begin < kTile ? count - begin : kTile;
    double tile[kTile][kStripRows];
    for (int i = 0; i < n; ++i) {
      const double* from = strip + static_cast<std::ptrdiff_t>(first[begin + i] + kBefore) * kStripRows;
      const double* w = weights + static_cast<std::ptrdiff_t>(begin + i) * kWidth;
      StripLanes even = {}, odd = {};
      for (int k = 0; k < kWidth; k += 2) {
        StripLanes a, b;
        __builtin_memcpy(&a, from + k * kStripRows, sizeof a);
        __builtin_memcpy(&b, from + (k + 1) * kStripRows, sizeof b);
        even += w[k] * a;
        odd += w[k + 1] * b;
      }
      even += odd;
      __builtin_memcpy(tile[i], &even, sizeof even);
    }
    for (int lane = 0; lane < n_rows; ++lane)
      for (int i = 0; i < n; ++i)
        out[static_cast<std::size_t>(lane) * out_stride + begin + i] = tile[i][lane];
  }
}

// out += weight row
UNDULITH_SIMD_CLONES
void add_row(const double* __restrict row, double weight, double* __restrict out, int count) {
  for (int i = 0; i < count; ++i) out[i] += weight * row[i];
}

// The adjoint of combine(): each row goes back to the rows it was made of.
std::vector<double> distribute(std::span<const double> rows, int n_rows, int width, const Stencil& stencil) {
  const int n_in = static_cast<int>(stencil.first.size());
  std::vector<double> result(static_cast<std::size_t>(n_rows) * static_cast<std::size_t>(width));
  parallel_for((width + kColumnsABlock - 1) / kColumnsABlock, [&](int block) {
    const int column = block * kColumnsABlock, count = std::min(kColumnsABlock, width - column);
    for (int i = 0; i < n_in; ++i)
      for (int k = 0; k < kWidth; ++k) {
        const int row = wrapped(stencil.first[static_cast<std::size_t>(i)] + k, n_rows);
        add_row(rows.data() + static_cast<std::size_t>(i) * static_cast<std::size_t>(width) + column,
                stencil.weights[static_cast<std::size_t>(i) * kWidth + static_cast<std::size_t>(k)],
                result.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(width) + column,
                count);
      }
  });
  return result;
}

// Rows of nx to columns, in blocks that fit a cache.
std::vector<double> transpose(const std::vector<double>& values, int nx, int ny) {
  constexpr int kBlock = 32;
  std::vector<double> result(values.size());
  for (int y0 = 0; y0 < ny; y0 += kBlock)
    for (int x0 = 0; x0 < nx; x0 += kBlock)
      for (int x = x0; x < std::min(nx, x0 + kBlock); ++x)
        for (int y = y0; y < std::min(ny, y0 + kBlock); ++y)
          result[static_cast<std::size_t>(x) * static_cast<std::size_t>(ny) + static_cast<std::size_t>(y)] =
              values[static_cast<std::size_t>(y) * static_cast<std::size_t>(nx) +
                     static_cast<std::size_t>(x)];
  return result;
}

}  // namespace

namespace {

struct FineGrid {
  int nx, ny;
};
FineGrid fine_grid(int mx, int my) {
  return {good_fft_length(std::max(kWidth, kOversampling * (2 * mx + 1))),
          good_fft_length(std::max(kWidth, kOversampling * (2 * my + 1)))};
}

// Coefficients divided by the spectrum of the window.
void divide_by_window(int mx, int my, FineGrid fine, std::vector<Complex>& half) {
  std::vector<double> along_x;
  for (int m = 0; m <= mx; ++m) along_x.push_back(window_spectrum(static_cast<double>(m) / fine.nx));
  Complex* coefficient = half.data();
  for (int n = -my; n <= my; ++n) {
    const double along_y = window_spectrum(static_cast<double>(n) / fine.ny);
    for (int m = 0; m <= mx; ++m) *coefficient++ /= along_x[static_cast<std::size_t>(m)] * along_y;
  }
}

// All that the rows of a piece are made of.
class Interpolation {
 public:
  Interpolation(int mx, int my, std::span<const Complex> half, SampleRange x, SampleRange y)
      : fine_(fine_grid(mx, my)),
        width_(x.count),
        along_x_(stencil_of(x, fine_.nx)),
        along_y_(stencil_of(y, fine_.ny)) {
    std::vector<Complex> divided(half.begin(), half.end());
    divide_by_window(mx, my, fine_, divided);
    samples_ = inverse_real(mx, my, divided, fine_.nx, fine_.ny);
  }

  // Rows from `first` on, one behind the other.
  void make_rows(int first, int count, double* out) const {
    parallel_for((count + kRowsAChunk - 1) / kRowsAChunk, [&](int chunk) {
      std::vector<double> row(static_cast<std::size_t>(fine_.nx)),
          strip(static_cast<std::size_t>(fine_.nx + kWidth) * kStripRows);
      const int end = std::min(count, (chunk + 1) * kRowsAChunk);
      for (int i = chunk * kRowsAChunk; i < end; i += kStripRows) {
        const int n_rows = std::min(kStripRows, end - i);
        const std::size_t width = static_cast<std::size_t>(width_);
        fill_strip(samples_, fine_.nx, fine_.ny, along_y_, first + i, n_rows, row, strip);
        combine_strip(strip.data(), along_x_.first.data(), along_x_.weights.data(), width_, n_rows,
                      out + static_cast<std::size_t>(i) * width, width);
      }
    });
  }

 private:
  FineGrid fine_;
  int width_;
  Stencil along_x_, along_y_;
  std::vector<double> samples_;
};

}  // namespace

LargeVector<double> interpolate_periodic(int mx, int my, std::span<const Complex> half, SampleRange x,
                                         SampleRange y) {
  const Interpolation samples(mx, my, half, x, y);
  LargeVector<double> result(static_cast<std::size_t>(x.count) * static_cast<std::size_t>(y.count));
  samples.make_rows(0, y.count, result.data());
  return result;
}

void visit_periodic(int mx, int my, std::span<const Complex> half, SampleRange x, SampleRange y,
                    const std::function<void(int, std::span<const double>)>& take) {
  const Interpolation samples(mx, my, half, x, y);
  const int n_rows = std::min(y.count, kRowsAChunk * thread_count());
  LargeVector<double> rows(static_cast<std::size_t>(n_rows) * static_cast<std::size_t>(x.count));
  for (int first = 0; first < y.count; first += n_rows) {
    const int count = std::min(n_rows, y.count - first);
    samples.make_rows(first, count, rows.data());
    take(first, std::span(rows).first(static_cast<std::size_t>(count) * static_cast<std::size_t>(x.count)));
  }
}

std::vector<Complex> interpolate_periodic_adjoint(int mx, int my, std::span<const double> weights,
                                                  SampleRange x, SampleRange y) {
  const FineGrid fine = fine_grid(mx, my);
  const std::vector<double> columns =
      transpose(distribute(weights, fine.ny, x.count, stencil_of(y, fine.ny)), x.count, fine.ny);
  const std::vector<double> samples =
      transpose(distribute(columns, fine.nx, fine.ny, stencil_of(x, fine.nx)), fine.ny, fine.nx);
  const std::vector<Complex> spectrum = forward_real(fine.nx, fine.ny, samples);
  const std::size_t stride = static_cast<std::size_t>(fine.nx / 2 + 1);
  std::vector<Complex> half;
  for (int n = -my; n <= my; ++n)
    for (int m = 0; m <= mx; ++m)
      half.push_back(
          spectrum[static_cast<std::size_t>(n < 0 ? n + fine.ny : n) * stride + static_cast<std::size_t>(m)]);
  divide_by_window(mx, my, fine, half);
  return half;
}

}  // namespace undulith::math
