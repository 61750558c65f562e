// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

/// Fourier transforms. Forward = sum exp(-2 pi i ...), not normalised. The only place that uses FFTW.
namespace undulith::math {

/// Smallest length >= n (n >= 1) whose only prime factors are 2, 3 and 5: little padding, for transforms that
/// are made a few times.
[[nodiscard]] int good_fft_length(int n);

/// Smallest length >= n (n >= 1) that is 1, 5, 15 or 25 times a power of two from 4 on: for transforms that
/// are repeated many times. They take about 2 ns per value; multiples of 9 take 4 ns.
[[nodiscard]] int fastest_fft_length(int n);

/// Version text of the FFT library.
[[nodiscard]] std::string fft_library_version();

/// Memory for transforms, aligned for FFTW; set to zero.
class FftBuffer {
 public:
  explicit FftBuffer(std::size_t size);
  [[nodiscard]] std::span<std::complex<double>> values() { return {data_.get(), size_}; }
  [[nodiscard]] std::complex<double>* data() { return data_.get(); }

 private:
  struct Free {
    void operator()(std::complex<double>* pointer) const;
  };
  std::unique_ptr<std::complex<double>[], Free> data_;
  std::size_t size_ = 0;
};

/// Two-dimensional sum  out(y, x) = sum_{n < rows, m < nx} in(n, m) exp(+2 pi i (m x/nx + n y/ny)).
///
/// Only `rows` rows of the ny may differ from zero, and no other is transformed along x. The pass along x
/// writes its result transposed, so that the pass along y reads and writes whole lines; the output stays
/// transposed: a field that fills half the rows costs half of a full in-place transform. The plan is made
/// without measuring, so that the same input gives the same bits in every run. Preparing takes a global lock;
/// run() is const and may be called from many threads, each with its own workspace.
class InverseFft2D {
 public:
  /// Memory of one thread.
  struct Workspace {
    FftBuffer input;   ///< rows x nx: in(n, m) at [n nx + m]; kept by run()
    FftBuffer output;  ///< nx x ny: out(y, x) at [x column_stride() + y]
    FftBuffer middle;  ///< of run(); its lines are zero from `rows` on
  };

  /// @param nx, ny  >= 1    @param rows  in [1, ny]
  InverseFft2D(int nx, int ny, int rows);
  InverseFft2D(const InverseFft2D&) = delete;
  InverseFft2D& operator=(const InverseFft2D&) = delete;
  ~InverseFft2D();

  [[nodiscard]] std::size_t column_stride() const { return column_stride_; }
  [[nodiscard]] Workspace make_workspace() const;
  void run(Workspace& workspace) const;
  /// The adjoint: input(n, m) = sum_{x, y} output(y, x) exp(-2 pi i (m x/nx + n y/ny)) for n < rows, m < nx.
  /// Replaces input. Cost as run().
  void run_adjoint(Workspace& workspace) const;

 private:
  struct Plans;
  int nx_, rows_;
  std::size_t column_stride_;
  std::unique_ptr<Plans> plans_;
};

/// Real samples (ny rows of nx) to half their spectrum (ny rows of nx/2 + 1) and back, any number of times.
///
/// The plan is made without measuring, so that the same input gives the same bits in every run. Both calls
/// are const and may run on many threads, each with its own data.
class RealFft2D {
 public:
  /// @param nx, ny  >= 1
  RealFft2D(int nx, int ny);
  RealFft2D(const RealFft2D&) = delete;
  RealFft2D& operator=(const RealFft2D&) = delete;
  ~RealFft2D();

  [[nodiscard]] std::size_t spectrum_size() const { return spectrum_size_; }
  /// F(n, m) = sum f(y, x) exp(-2 pi i (m x/nx + n y/ny)). samples stays unchanged.
  void forward(std::span<const double> samples, std::span<std::complex<double>> spectrum) const;
  /// The inverse with its factor 1/(nx ny): inverse(forward(f)) = f. Destroys the spectrum.
  void inverse(std::span<std::complex<double>> spectrum, std::span<double> samples) const;

 private:
  struct Plans;
  std::size_t n_samples_, spectrum_size_;
  std::unique_ptr<Plans> plans_;
};

/// Spectrum of real samples (ny rows of nx): F(n, m) = sum f(y, x) exp(-2 pi i (m x/nx + n y/ny)) for
/// m = 0 .. nx/2 and n = 0 .. ny-1, m fastest.
[[nodiscard]] std::vector<std::complex<double>> forward_real(int nx, int ny, std::span<const double> samples);

/// Samples (ny rows of nx) of f(y, x) = sum_{|m| <= mx, |n| <= my} c(n, m) exp(+2 pi i (m x/nx + n y/ny)),
/// real.
///
/// @param half  c for n = -my .. my and m = 0 .. mx, m fastest, with c(-n, -m) = conj c(n, m)
/// @param nx    > 2 mx;  @param ny  > 2 my
/// Cost O(mx ny log ny + nx ny log nx): zero columns are not transformed.
[[nodiscard]] std::vector<double> inverse_real(int mx, int my, std::span<const std::complex<double>> half,
                                               int nx, int ny);

}  // namespace undulith::math
