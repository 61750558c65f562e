// SPDX-License-Identifier: MIT
#include "imaging/abbe_images.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "imaging/ordered_sum.hpp"
#include "undulith/math/fft.hpp"

namespace undulith::imaging {
namespace {

using Complex = std::complex<double>;

// The filters of a thick mask contain the mask.
SpectrumView view_of(const mask::Diffraction& mask, std::span<const Complex> orders) {
  if (mask.thick) return {};
  return {orders, mask.max_order_x, mask.max_order_y};
}

// Of some planes of `fields`, for each order k: the imaginary part of sum_s weight_s sum_c P_c(k + s) conj P_c(s).
class OpenFrameProducts {
 public:
  OpenFrameProducts(const PointFields& fields, const SpectrumView& spectrum,
                    const std::vector<std::size_t>& planes)
      : fields_(fields), spectrum_(spectrum), planes_(planes) {}

  [[nodiscard]] std::vector<std::vector<double>> compute() const {
    const auto sums = sum_groups<double>(
        fields_.n_groups(), static_cast<int>(planes_.size()), spectrum_.values.size(), [&] {
          return [cursor = fields_.make_cursor(), this](int group, auto& part) { add(group, *cursor, part); };
        });
    std::vector<std::vector<double>> products;
    for (const LargeBuffer<double>& plane : sums)
      products.emplace_back(plane.values().begin(), plane.values().end());
    return products;
  }

 private:
  void add(int group, FilterCursor& cursor, std::vector<LargeBuffer<double>>& sums) const {
    const int columns = fields_.columns(), rows = fields_.rows();
    const FieldGroup place = cursor.select(group);
    const int zero_column = -place.m_first, zero_row = -place.n_first;
    if (zero_column < 0 || zero_column >= columns || zero_row < 0 || zero_row >= rows) return;
    const int begin = std::clamp(-spectrum_.max_order_x - place.m_first, 0, columns),
              end = std::clamp(spectrum_.max_order_x + 1 - place.m_first, begin, columns);
    if (begin == end) return;
    for (std::size_t i = 0; i < planes_.size(); ++i) {
      const Complex* filter = cursor.filters(static_cast<int>(planes_[i])).data();
      for (int component = 0; component < place.n_fields; ++component) {
        const Complex open = fields_.weight(group) * std::conj(filter[zero_row * columns + zero_column]);
        for (int row = 0; row < rows; ++row, filter += columns) {
          if (std::abs(place.n_first + row) > spectrum_.max_order_y) continue;
          double* to = sums[i].data() + spectrum_.place(place.m_first + begin, place.n_first + row) - begin;
          for (int k = begin; k < end; ++k)
            to[k] += open.real() * filter[k].imag() + open.imag() * filter[k].real();
        }
      }
    }
  }

  const PointFields& fields_;
  const SpectrumView& spectrum_;
  const std::vector<std::size_t>& planes_;
};

// [C(z) - C(-z)]/2 = 2 m Re sum_k r_k Im T(k) exp(2 pi i k x), T of OpenFrameProducts.
std::vector<double> odd_part(const SpectrumView& real, double constant, std::span<const double> products,
                             BandGrid grid) {
  const int max_x = std::min(real.max_order_x, (grid.nx - 1) / 2),
            max_y = std::min(real.max_order_y, (grid.ny - 1) / 2);
  std::vector<Complex> half;
  for (int n = -max_y; n <= max_y; ++n)
    for (int m = 0; m <= max_x; ++m) {
      const std::size_t place = real.place(m, n), opposite = real.place(-m, -n);
      half.push_back(constant * (real.values[place] * products[place] +
                                 std::conj(real.values[opposite]) * products[opposite]));
    }
  return math::inverse_real(max_x, max_y, half, grid.nx, grid.ny);
}

void add(const std::vector<double>& part, double scale, std::vector<double>& sum) {
  for (std::size_t i = 0; i < part.size(); ++i) sum[i] += scale * part[i];
}

// The images of pairs of opposite points.
std::vector<std::vector<double>> paired_images(const mask::Diffraction& mask, const RealMask& real,
                                               const illuminator::PupilFill& fill,
                                               const ImagingParameters& parameters,
                                               const FieldPosition& position, const MirroredPlanes& planes,
                                               BandGrid grid, const Progress& progress) {
  const PointFields fields(mask, fill, parameters, position, planes.planes);
  const SpectrumView spectrum = view_of(mask, real.orders);
  const auto sums = accumulate(spectrum, fields, grid, progress, parameters.precision);
  std::vector<std::vector<double>> images;
  for (std::size_t i = 0; i < planes.own.size(); ++i) {
    images.push_back(sums[planes.own[i]]);
    if (planes.opposite[i] == planes.own[i]) continue;
    for (double& sample : images.back()) sample /= 2;
    add(sums[planes.opposite[i]], 0.5, images.back());
  }
  if (real.constant == 0) return images;

  const std::vector<double> clear = fields.clear_intensities();
  double background = 0;
  for (int s = 0; s < fields.n_groups(); ++s)
    background += fields.weight(s) * clear[static_cast<std::size_t>(s)];
  background *= real.constant * real.constant;
  for (auto& image : images)
    for (double& sample : image) sample += background;

  // Of planes on one side of the focus; on the other side the odd part is the negative one.
  std::vector<std::size_t> one_side;
  for (std::size_t plane = 0; plane < planes.planes.size(); ++plane)
    if (planes.planes[plane].focus_nm > 0) one_side.push_back(plane);
  if (one_side.empty()) return images;
  const auto products = OpenFrameProducts(fields, spectrum, one_side).compute();
  for (std::size_t k = 0; k < one_side.size(); ++k) {
    const std::vector<double> odd = odd_part(spectrum, real.constant, products[k], grid);
    for (std::size_t i = 0; i < images.size(); ++i) {
      if (planes.own[i] == one_side[k]) add(odd, 1, images[i]);
      if (planes.opposite[i] == one_side[k]) add(odd, -1, images[i]);
    }
  }
  return images;
}

}  // namespace

bool MirroredPlanes::lie_in_pairs() const {
  return std::set<std::size_t>(own.begin(), own.end()).size() == planes.size();
}

MirroredPlanes mirrored(std::span<const ImagePlane> planes) {
  constexpr double kSame_nm = 1e-12;
  MirroredPlanes all;
  const auto place_of = [&](double focus_nm) {
    const auto found = std::ranges::find_if(all.planes, [focus_nm](const ImagePlane& plane) {
      return std::abs(plane.focus_nm - focus_nm) < kSame_nm;
    });
    const auto place = static_cast<std::size_t>(found - all.planes.begin());
    if (found == all.planes.end()) all.planes.push_back({.focus_nm = focus_nm});
    return place;
  };
  for (const ImagePlane& plane : planes) {
    all.own.push_back(place_of(plane.focus_nm));
    all.opposite.push_back(place_of(-plane.focus_nm));
  }
  return all;
}

bool lie_in_pairs(std::span<const double> focus_nm) {
  std::vector<ImagePlane> planes;
  for (const double focus : focus_nm) planes.push_back({.focus_nm = focus});
  return mirrored(planes).lie_in_pairs();
}

std::vector<std::vector<double>> abbe_images(const mask::Diffraction& mask, const PairedFill& parts,
                                             const PointFields& fields, const ImagingParameters& parameters,
                                             const FieldPosition& position,
                                             std::span<const ImagePlane> planes, BandGrid grid,
                                             const Progress& progress) {
  const MirroredPlanes both = mirrored(planes);
  const bool in_pairs = both.lie_in_pairs() && !parts.paired.points.empty();
  const std::optional<RealMask> real =
      in_pairs && fields.are_conjugate_in_focus() ? real_mask(mask) : std::nullopt;
  if (!real) return accumulate(view_of(mask, mask.amplitudes), fields, grid, progress, parameters.precision);
  auto images = paired_images(mask, *real, parts.paired, parameters, position, both, grid, progress);
  if (parts.rest.points.empty()) return images;
  const auto rest =
      accumulate(view_of(mask, mask.amplitudes), PointFields(mask, parts.rest, parameters, position, planes),
                 grid, {}, parameters.precision);
  for (std::size_t plane = 0; plane < planes.size(); ++plane) add(rest[plane], 1, images[plane]);
  return images;
}

}  // namespace undulith::imaging
