// SPDX-License-Identifier: MIT
#include "undulith/imaging/kernel_images.hpp"

#include <algorithm>
#include <stdexcept>

#include "imaging/socs_image.hpp"

namespace undulith::imaging {

class KernelImages::Impl {
 public:
  Impl(std::vector<SocsKernels> planes, int nx, int ny, Precision precision)
      : planes_(std::move(planes)), grid_{nx, ny}, precision_(precision) {
    if (planes_.empty()) throw std::invalid_argument("KernelImages: no plane");
    for (const SocsKernels& kernels : planes_)
      if (kernels.max_order_x != first().max_order_x || kernels.max_order_y != first().max_order_y)
        throw std::invalid_argument("KernelImages: planes of different orders");
    if (nx < 4 * first().max_order_x + 1 || ny < 4 * first().max_order_y + 1)
      throw std::invalid_argument("KernelImages: too few samples for the orders of the image");
  }
  [[nodiscard]] const SocsKernels& first() const { return planes_.front(); }
  [[nodiscard]] const std::vector<SocsKernels>& planes() const { return planes_; }
  [[nodiscard]] BandGrid grid() const { return grid_; }

  [[nodiscard]] SpectrumView view(std::span<const std::complex<double>> spectrum) const {
    if (spectrum.size() != first().size())
      throw std::invalid_argument("KernelImages: the spectrum has other orders than the kernels");
    return {spectrum, first().max_order_x, first().max_order_y};
  }
  [[nodiscard]] std::vector<CellSamples> images(const SpectrumView& spectrum) const {
    std::vector<CellSamples> images;
    for (const SocsKernels& kernels : planes_)
      images.push_back(kernel_samples(spectrum, kernels, grid_, precision_));
    return images;
  }

 private:
  std::vector<SocsKernels> planes_;
  BandGrid grid_;
  Precision precision_;
};

KernelImages::KernelImages(std::vector<SocsKernels> planes, int nx, int ny, Precision precision)
    : impl_(std::make_unique<const Impl>(std::move(planes), nx, ny, precision)) {}
KernelImages::~KernelImages() = default;
KernelImages::KernelImages(KernelImages&&) noexcept = default;
KernelImages& KernelImages::operator=(KernelImages&&) noexcept = default;

int KernelImages::n_planes() const {
  return static_cast<int>(impl_->planes().size());
}
int KernelImages::max_order_x() const {
  return impl_->first().max_order_x;
}
int KernelImages::max_order_y() const {
  return impl_->first().max_order_y;
}
int KernelImages::nx() const {
  return impl_->grid().nx;
}
int KernelImages::ny() const {
  return impl_->grid().ny;
}

std::vector<CellSamples> KernelImages::images(std::span<const std::complex<double>> spectrum) const {
  return impl_->images(impl_->view(spectrum));
}

KernelImages::Gradient KernelImages::gradient(
    std::span<const std::complex<double>> spectrum,
    const std::function<std::vector<CellSamples>(std::span<const CellSamples>)>& sensitivity) const {
  const SpectrumView view = impl_->view(spectrum);
  Gradient result{impl_->images(view), std::vector<std::complex<double>>(spectrum.size())};
  const std::vector<CellSamples> d_images = sensitivity(result.images);
  for (std::size_t plane = 0; plane < impl_->planes().size(); ++plane) {
    const Adjoint part = socs_adjoint(view, impl_->planes()[plane], impl_->grid(), d_images[plane]);
    for (std::size_t f = 0; f < part.spectrum.size(); ++f) result.d_spectrum[f] += part.spectrum[f];
  }
  return result;
}

}  // namespace undulith::imaging
