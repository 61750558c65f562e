// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <functional>
#include <span>
#include <vector>

#include "undulith/core/grid.hpp"
#include "undulith/imaging/kernel_images.hpp"

/// What an optimisation knows of the optics: from the shapes of a mask to images, and back.
namespace undulith::optimise {

/// Fourier coefficients c_mn of the pattern chi (1 inside the drawn shapes, 0 outside) over the cell, phases referred to
/// its lower-left corner: 2 max_order_y + 1 rows of 2 max_order_x + 1, m fastest, c_{-m,-n} = conj c_mn.
struct Pattern {
  int max_order_x = 0, max_order_y = 0;
  std::vector<std::complex<double>> values;

  [[nodiscard]] std::size_t place(int m, int n) const {
    return static_cast<std::size_t>(n + max_order_y) * static_cast<std::size_t>(2 * max_order_x + 1) +
           static_cast<std::size_t>(m + max_order_x);
  }
};

/// One image for each plane of a window: nx by ny samples over the cell, the first at its lower-left corner, x fastest,
/// relative to the open frame.
using Images = std::vector<imaging::CellSamples>;

/// The cell of a model and the sampling of its images; samples carry the band of the image without error.
struct ModelGrid {
  Box cell;                                      ///< nm, wafer scale
  int pattern_order_x = 0, pattern_order_y = 0;  ///< of the pattern: the images depend on no others
  int image_order_x = 0, image_order_y = 0;      ///< largest orders of an image
  int nx = 0, ny = 0;                            ///< samples of an image, > 2 image_order
  int n_planes = 1;
};

/// Images of a pattern in the planes of a window (focus, slit position, aberrations). A dose needs no plane of its own: it
/// is a threshold. Calls are const and give the same bytes for any number of threads.
class ImageModel {
 public:
  virtual ~ImageModel() = default;
  [[nodiscard]] virtual const ModelGrid& grid() const = 0;

  /// @param pattern  of at least the orders of the grid
  [[nodiscard]] virtual Images images(const Pattern& pattern) const = 0;

  struct Gradient {
    Images images;
    /// On the orders of the grid: dL = Re sum_f conj(d_pattern(f)) dc(f) over all f
    Pattern d_pattern;
  };
  /// Images, and the gradient of a number L of them.
  /// @param sensitivity  returns dL/dI at each sample of each image
  [[nodiscard]] virtual Gradient gradient(const Pattern& pattern,
                                          const std::function<Images(const Images&)>& sensitivity) const = 0;
};

/// Amplitudes of a thin mask: background + change * chi, relative to the open frame.
struct PatternAmplitudes {
  std::complex<double> background = 0, change = 1;
};

/// A thin mask imaged by coherent kernels (SOCS): one set of kernels for each plane.
class KernelModel final : public ImageModel {
 public:
  /// @param planes  >= 1, of one cell and with the same orders; their period is that of the cell
  /// @throws std::invalid_argument  see imaging::KernelImages
  KernelModel(const Box& cell, std::vector<imaging::SocsKernels> planes, PatternAmplitudes amplitudes = {},
              Precision precision = Precision::float64);

  [[nodiscard]] const ModelGrid& grid() const override { return grid_; }
  [[nodiscard]] Images images(const Pattern& pattern) const override;
  [[nodiscard]] Gradient gradient(const Pattern& pattern,
                                  const std::function<Images(const Images&)>& sensitivity) const override;

  [[nodiscard]] const std::vector<imaging::SocsKernels>& planes() const { return planes_; }
  [[nodiscard]] PatternAmplitudes amplitudes() const { return amplitudes_; }

 private:
  [[nodiscard]] std::vector<std::complex<double>> spectrum_of(const Pattern& pattern) const;

  ModelGrid grid_;
  std::vector<imaging::SocsKernels> planes_;
  PatternAmplitudes amplitudes_;
  imaging::KernelImages imager_;
};

}  // namespace undulith::optimise
