// SPDX-License-Identifier: MIT
#include "undulith/imaging/kernel_images.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <stdexcept>

#include "imaging/kernel_fields.hpp"
#include "undulith/core/large_buffer.hpp"

namespace undulith::imaging {
namespace {

using Sensitivity = std::function<std::vector<CellSamples>(std::span<const CellSamples>)>;

// The kernels of a plane in the layout of the transforms.
template <class T>
struct PlaneKernels {
  std::vector<LargeBuffer<T>> filters;
  std::vector<double> weights, left_out;
};

// What one call works in; kept for the next one.
template <class T>
struct Workspace {
  Workspace(const KernelPlan<T>& plan, std::size_t n_kernels)
      : work(plan),
        fields(n_kernels * plan.field_size()),
        sum(plan.forward.sum_size()),
        adjoint(plan.orders_size()) {}
  KernelWork<T> work;
  LargeBuffer<T> fields, sum, adjoint;
};

}  // namespace

class KernelImages::Impl {
 public:
  Impl(int n, int x, int y, BandGrid samples) : n_planes(n), order_x(x), order_y(y), grid(samples) {}
  virtual ~Impl() = default;
  [[nodiscard]] virtual Gradient evaluate(std::span<const std::complex<double>> spectrum, int n_kernels,
                                          const Sensitivity& sensitivity) const = 0;
  const int n_planes, order_x, order_y;
  const BandGrid grid;
};

namespace {

template <class T>
class LaneImages final : public KernelImages::Impl {
 public:
  LaneImages(const std::vector<SocsKernels>& planes, BandGrid samples)
      : Impl(static_cast<int>(planes.size()), planes.front().max_order_x, planes.front().max_order_y,
             samples),
        plan_(samples, 2 * order_x + 1, 2 * order_y + 1) {
    for (const SocsKernels& kernels : planes) {
      PlaneKernels<T>& plane = planes_.emplace_back();
      plane.weights = kernels.eigenvalues;
      plane.left_out = kernels.left_out;
      for (std::size_t k = 0; k < kernels.eigenvalues.size(); ++k)
        plane.filters.push_back(
            plan_.blocks_of(std::span(kernels.values).subspan(k * kernels.size(), kernels.size())));
      n_fields_ += kernels.eigenvalues.size();
    }
  }

  [[nodiscard]] KernelImages::Gradient evaluate(std::span<const std::complex<double>> spectrum, int n_kernels,
                                                const Sensitivity& sensitivity) const override {
    std::unique_ptr<Workspace<T>> space = take();
    const LargeBuffer<T> blocks = plan_.blocks_of(spectrum);
    KernelImages::Gradient result;
    std::size_t field = 0;
    for (const PlaneKernels<T>& plane : planes_) {
      std::fill_n(space->sum.data(), space->sum.size(), T{});
      for (std::size_t k = 0; k < used(plane, n_kernels); ++k, ++field)
        make_field(plan_, plane.filters[k].data(), blocks.data(), static_cast<T>(plane.weights[k]),
                   space->work, space->fields.data() + field * plan_.field_size(), space->sum.data());
      const std::vector<double> sum(space->sum.values().begin(), space->sum.values().end());
      CellSamples& samples = result.images.emplace_back(samples_of(plan_.forward, sum));
      const double mean = missing_mean(plane, spectrum, n_kernels);
      for (double& sample : samples) sample += mean;
    }
    if (sensitivity) add_gradient(spectrum, n_kernels, sensitivity(result.images), *space, result);
    give(std::move(space));
    return result;
  }

 private:
  [[nodiscard]] static std::size_t used(const PlaneKernels<T>& plane, int n_kernels) {
    return n_kernels > 0 ? std::min<std::size_t>(static_cast<std::size_t>(n_kernels), plane.filters.size())
                         : plane.filters.size();
  }
  // The mean of what the kernels leave out; with few of them on purpose it is not known.
  [[nodiscard]] static double missing_mean(const PlaneKernels<T>& plane,
                                           std::span<const std::complex<double>> spectrum, int n_kernels) {
    double mean = 0;
    if (used(plane, n_kernels) == plane.filters.size())
      for (std::size_t f = 0; f < plane.left_out.size(); ++f)
        mean += plane.left_out[f] * std::norm(spectrum[f]);
    return mean;
  }

  void add_gradient(std::span<const std::complex<double>> spectrum, int n_kernels,
                    const std::vector<CellSamples>& d_images, Workspace<T>& space,
                    KernelImages::Gradient& result) const {
    if (d_images.size() != planes_.size())
      throw std::invalid_argument("KernelImages: a gradient for each plane");
    std::fill_n(space.adjoint.data(), space.adjoint.size(), T{});
    result.d_spectrum.assign(spectrum.size(), 0);
    std::size_t field = 0;
    for (std::size_t p = 0; p < planes_.size(); ++p) {
      const PlaneKernels<T>& plane = planes_[p];
      plan_.write_sum_layout(d_images[p], space.sum.data());
      for (std::size_t k = 0; k < used(plane, n_kernels); ++k, ++field)
        pull_back(plan_, space.fields.data() + field * plan_.field_size(), space.sum.data(),
                  static_cast<T>(2 * plane.weights[k]), plane.filters[k].data(), space.work,
                  space.adjoint.data());
      if (plane.left_out.empty() || used(plane, n_kernels) < plane.filters.size()) continue;
      double sum = 0;
      for (const double value : d_images[p]) sum += value;
      for (std::size_t f = 0; f < spectrum.size(); ++f)
        result.d_spectrum[f] += 2 * sum * plane.left_out[f] * spectrum[f];
    }
    const std::vector<std::complex<double>> adjoint = plan_.values_of(space.adjoint.values());
    for (std::size_t f = 0; f < spectrum.size(); ++f) result.d_spectrum[f] += std::conj(adjoint[f]);
  }

  std::unique_ptr<Workspace<T>> take() const {
    {
      const std::scoped_lock lock(mutex_);
      if (!spaces_.empty()) {
        std::unique_ptr<Workspace<T>> space = std::move(spaces_.back());
        spaces_.pop_back();
        return space;
      }
    }
    return std::make_unique<Workspace<T>>(plan_, n_fields_);
  }
  void give(std::unique_ptr<Workspace<T>> space) const {
    const std::scoped_lock lock(mutex_);
    spaces_.push_back(std::move(space));
  }

  KernelPlan<T> plan_;
  std::vector<PlaneKernels<T>> planes_;
  std::size_t n_fields_ = 0;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Workspace<T>>> spaces_;
};

void check(const std::vector<SocsKernels>& planes, int nx, int ny) {
  if (planes.empty()) throw std::invalid_argument("KernelImages: no plane");
  const SocsKernels& first = planes.front();
  for (const SocsKernels& kernels : planes)
    if (kernels.max_order_x != first.max_order_x || kernels.max_order_y != first.max_order_y)
      throw std::invalid_argument("KernelImages: planes of different orders");
  if (nx < 4 * first.max_order_x + 1 || ny < 4 * first.max_order_y + 1)
    throw std::invalid_argument("KernelImages: too few samples for the orders of the image");
}

}  // namespace

KernelImages::KernelImages(const std::vector<SocsKernels>& planes, int nx, int ny, Precision precision) {
  check(planes, nx, ny);
  switch (precision) {
    case Precision::float64:
      impl_ = std::make_unique<const LaneImages<double>>(planes, BandGrid{nx, ny});
      break;
    case Precision::float32:
      impl_ = std::make_unique<const LaneImages<float>>(planes, BandGrid{nx, ny});
      break;
  }
}
KernelImages::~KernelImages() = default;
KernelImages::KernelImages(KernelImages&&) noexcept = default;
KernelImages& KernelImages::operator=(KernelImages&&) noexcept = default;

int KernelImages::n_planes() const {
  return impl_->n_planes;
}
int KernelImages::max_order_x() const {
  return impl_->order_x;
}
int KernelImages::max_order_y() const {
  return impl_->order_y;
}
int KernelImages::nx() const {
  return impl_->grid.nx;
}
int KernelImages::ny() const {
  return impl_->grid.ny;
}

std::vector<CellSamples> KernelImages::images(std::span<const std::complex<double>> spectrum,
                                              int n_kernels) const {
  return gradient(spectrum, {}, n_kernels).images;
}

KernelImages::Gradient KernelImages::gradient(std::span<const std::complex<double>> spectrum,
                                              const Sensitivity& sensitivity, int n_kernels) const {
  if (spectrum.size() != static_cast<std::size_t>((2 * max_order_x() + 1) * (2 * max_order_y() + 1)))
    throw std::invalid_argument("KernelImages: the spectrum has other orders than the kernels");
  return impl_->evaluate(spectrum, n_kernels, sensitivity);
}

}  // namespace undulith::imaging
