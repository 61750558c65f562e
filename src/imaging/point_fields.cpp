// SPDX-License-Identifier: MIT
#include "imaging/point_fields.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "undulith/core/simd.hpp"
#include "undulith/math/unit_phase.hpp"

namespace undulith::imaging {
namespace {

using Complex = std::complex<double>;

UNDULITH_SIMD_CLONES
void add_focus(const double* waves, const double* focus_waves, double focus_nm, double* out,
               std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) out[i] = waves[i] + focus_nm * focus_waves[i];
}

// out = weighted sum of rows, a few values of all rows at a time.
UNDULITH_SIMD_CLONES
void sum_rows(const double* const* rows, const double* weights, std::size_t n_rows, double* out, int count) {
  constexpr int kBlock = 32;
  int i = 0;
  for (; i + kBlock <= count; i += kBlock) {
    double sum[kBlock] = {};
    for (std::size_t row = 0; row < n_rows; ++row)
      for (int k = 0; k < kBlock; ++k) sum[k] += weights[row] * rows[row][i + k];
    for (int k = 0; k < kBlock; ++k) out[i + k] = sum[k];
  }
  for (; i < count; ++i) {
    double sum = 0;
    for (std::size_t row = 0; row < n_rows; ++row) sum += weights[row] * rows[row][i];
    out[i] = sum;
  }
}

UNDULITH_SIMD_CLONES
void scale_to(const double* values, double factor, double* out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) out[i] = factor * values[i];
}

// out = a * real factor.
UNDULITH_SIMD_CLONES
void scale(const double* factor, double* values, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    values[2 * i] *= factor[i];
    values[2 * i + 1] *= factor[i];
  }
}

UNDULITH_SIMD_CLONES
void combine(const double* base, const double* a, const double* b, double ca, double cb, double* out,
             std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const double factor = ca * a[i] + cb * b[i];
    out[2 * i] = base[2 * i] * factor;
    out[2 * i + 1] = base[2 * i + 1] * factor;
  }
}

// out = base (ca a + cb b)
void combine(const Complex* base, const double* a, const double* b, double ca, double cb, Complex* out,
             std::size_t count) {
  combine(reinterpret_cast<const double*>(base), a, b, ca, cb, reinterpret_cast<double*>(out), count);
}
void combine(const Complex* base, const Complex* a, const Complex* b, double ca, double cb, Complex* out,
             std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) out[i] = base[i] * (ca * a[i] + cb * b[i]);
}

}  // namespace

int band_limit(double length_nm, double radius_per_nm) {
  return static_cast<int>(std::floor(2 * radius_per_nm * length_nm * (1 + kRimTolerance)));
}

class PointFields::Cursor final : public FilterCursor {
 public:
  explicit Cursor(const PointFields& fields) : fields_(fields) {
    const std::size_t count =
        static_cast<std::size_t>(fields.columns_) * static_cast<std::size_t>(fields.rows_);
    samples_.gx.resize(static_cast<std::size_t>(fields.columns_));
    samples_.gy.resize(static_cast<std::size_t>(fields.rows_));
    waves_.resize(count);
    base_.resize(count);
  }

  FieldGroup select(int group) override {
    const Projection& projection = fields_.projection_;
    point_ = &fields_.pupil_fill_.points[static_cast<std::size_t>(group)];
    group_ = group;
    const double radius = projection.radius_per_nm(), rim = radius * (1 + kRimTolerance);
    const double sx = point_->sigma_x * radius, sy = point_->sigma_y * radius;
    const double length_x = fields_.cell_.width(), length_y = fields_.cell_.height();
    const FieldGroup place{static_cast<int>(std::ceil((-rim - sx) * length_x)),
                           static_cast<int>(std::ceil((-rim - sy) * length_y)), fields_.fields_of(*point_)};
    place_ = place;
    for (int column = 0; column < fields_.columns_; ++column)
      samples_.gx[static_cast<std::size_t>(column)] = (place.m_first + column) / length_x + sx;
    for (int row = 0; row < fields_.rows_; ++row)
      samples_.gy[static_cast<std::size_t>(row)] = (place.n_first + row) / length_y + sy;
    projection.sample(samples_, fields_.focus_);
    if (fields_.thick_ != nullptr) interpolate_mask(group, place);
    if (projection.is_vector() && !projection.has_films()) projection.rotate(samples_, rotation_);
    return place;
  }

  std::span<const Complex> filters(int plane) override {
    const Projection& projection = fields_.projection_;
    make_base(fields_.planes_[static_cast<std::size_t>(plane)].focus_nm);
    if (!projection.is_vector() && !projection.has_films() && !projection.has_jones() &&
        fields_.thick_ == nullptr)
      return base_;
    filters_.resize(static_cast<std::size_t>(fields_.fields_of(*point_)) * base_.size());
    if (projection.has_films()) {
      const FilmRotation& film = fields_.films_[static_cast<std::size_t>(plane)];
      film.rotate(samples_, film_rotation_);
      const double factor = std::sqrt(film.intensity_factor());
      for (Complex& value : base_) value *= factor;
      write_fields(film_rotation_, filters_.data());
    } else {
      write_fields(rotation_, filters_.data());
    }
    return filters_;
  }

  void pull_back(std::span<const Complex> d_filters, std::span<Complex> d_orders) override {
    const std::size_t count = base_.size();
    std::array<std::vector<Complex>, 4> d_mask;
    for (auto& element : d_mask) element.assign(count, 0.0);
    if (fields_.projection_.has_films())
      pull_fields(film_rotation_, d_filters.data(), d_mask);
    else
      pull_fields(rotation_, d_filters.data(), d_mask);
    const mask::Diffraction& mask = *fields_.thick_;
    const std::size_t n_orders = mask.amplitudes.size();
    for (const mask::SpectrumShare& share : mask.thick->shares[static_cast<std::size_t>(group_)])
      for (std::size_t element = 0; element < d_mask.size(); ++element) {
        Complex* to = d_orders.data() + (static_cast<std::size_t>(share.spectrum) * 4 + element) * n_orders;
        for (int row = 0; row < fields_.rows_; ++row) {
          const int n = place_.n_first + row;
          if (std::abs(n) > mask.max_order_y) continue;
          const Complex* from = d_mask[element].data() +
                                static_cast<std::size_t>(row) * static_cast<std::size_t>(fields_.columns_);
          for (int column = std::max(0, -mask.max_order_x - place_.m_first);
               column < fields_.columns_ && place_.m_first + column <= mask.max_order_x; ++column)
            to[mask.index(place_.m_first + column, n)] += share.weight * from[column];
        }
      }
  }

 private:
  // The adjoint of write_fields() for a thick mask, and of matrix().
  template <class T>
  void pull_fields(const Rotation<T>& r, const Complex* d_out, std::array<std::vector<Complex>, 4>& d_mask) {
    const std::size_t count = base_.size();
    const Projection& projection = fields_.projection_;
    const auto conj = [](auto value) { return std::conj(Complex(value)); };
    // d of the field behind mask and pupil, for a field (x, y) in front of the mask.
    const auto add = [&](std::size_t i, Complex d_x, Complex d_y, Complex x, Complex y) {
      if (projection.has_jones()) {
        const Complex u = d_x, v = d_y;
        d_x = conj(samples_.jones[0][i]) * u + conj(samples_.jones[2][i]) * v;
        d_y = conj(samples_.jones[1][i]) * u + conj(samples_.jones[3][i]) * v;
      }
      d_mask[0][i] += conj(x) * d_x;
      d_mask[1][i] += conj(y) * d_x;
      d_mask[2][i] += conj(x) * d_y;
      d_mask[3][i] += conj(y) * d_y;
    };
    if (!projection.is_vector()) {
      for (std::size_t i = 0; i < count; ++i) {
        Complex d = 0.5 * conj(base_[i]) * d_out[i];
        if (projection.has_films()) d *= conj(s_wave(r, i));
        add(i, d, 0.0, 1.0, 0.0);  // half of xx and half of yy
        add(i, 0.0, d, 0.0, 1.0);
      }
      return;
    }
    for (const JonesVector& state : polarisation_states(point_->stokes)) {
      for (std::size_t i = 0; i < count; ++i) {
        const Complex a = d_out[i], b = d_out[count + i], c = d_out[2 * count + i], base = conj(base_[i]);
        add(i, base * (conj(r.xx[i]) * a + conj(r.xy[i]) * b + conj(r.zx[i]) * c),
            base * (conj(r.xy[i]) * a + conj(r.yy[i]) * b + conj(r.zy[i]) * c), state.x, state.y);
      }
      d_out += 3 * count;
    }
  }

  // Amplitude and phase common to all components.
  void make_base(double focus_nm) {
    const std::size_t count = base_.size();
    if (samples_.waves.empty() && focus_nm == 0) {
      std::ranges::copy(samples_.amplitude, base_.begin());
      return;
    }
    if (samples_.waves.empty())
      scale_to(samples_.focus_waves.data(), focus_nm, waves_.data(), count);
    else if (focus_nm == 0)
      waves_ = samples_.waves;
    else
      add_focus(samples_.waves.data(), samples_.focus_waves.data(), focus_nm, waves_.data(), count);
    math::unit_phases(waves_, base_);
    scale(samples_.amplitude.data(), reinterpret_cast<double*>(base_.data()), count);
  }

  // Orders of the thick mask for one source point, within the pupil.
  void interpolate_mask(int group, const FieldGroup& place) {
    const mask::Diffraction& diffraction = *fields_.thick_;
    const mask::ThickMask& thick = *diffraction.thick;
    const std::vector<mask::SpectrumShare>& shares = thick.shares[static_cast<std::size_t>(group)];
    std::vector<const double*> rows(shares.size());
    std::vector<double> weights;
    for (const mask::SpectrumShare& share : shares) weights.push_back(share.weight);
    // Light that is polarised along x makes nothing of the second column, and along y nothing of the first.
    bool has_x = false, has_y = false;
    for (const JonesVector& state : polarisation_states(point_->stokes)) {
      has_x = has_x || state.x != 0.0;
      has_y = has_y || state.y != 0.0;
    }
    const bool all = !fields_.projection_.is_vector();  // both diagonal elements
    for (std::size_t element = 0; element < mask_.size(); ++element) {
      mask_[element].assign(base_.size(), 0.0);
      if (!all && !(element % 2 == 0 ? has_x : has_y)) continue;
      for (int row = 0; row < fields_.rows_; ++row) {
        const int n = place.n_first + row;
        if (std::abs(n) > diffraction.max_order_y) continue;
        const std::size_t first = static_cast<std::size_t>(row) * static_cast<std::size_t>(fields_.columns_);
        const double* amplitude = samples_.amplitude.data() + first;
        int begin = std::clamp(-diffraction.max_order_x - place.m_first, 0, fields_.columns_),
            end = std::clamp(diffraction.max_order_x + 1 - place.m_first, begin, fields_.columns_);
        while (begin < end && amplitude[begin] == 0) ++begin;
        while (begin < end && amplitude[end - 1] == 0) --end;
        if (begin == end) continue;
        for (std::size_t k = 0; k < shares.size(); ++k)
          rows[k] = reinterpret_cast<const double*>(
              &thick.spectra[static_cast<std::size_t>(shares[k].spectrum)]
                   .orders[element][diffraction.index(place.m_first + begin, n)]);
        sum_rows(rows.data(), weights.data(), rows.size(),
                 reinterpret_cast<double*>(mask_[element].data() + first + begin), 2 * (end - begin));
      }
    }
  }

  [[nodiscard]] bool has_matrix() const {
    return fields_.thick_ != nullptr || fields_.projection_.has_jones();
  }
  // Product of the Jones matrices of mask and pupil for an order.
  [[nodiscard]] JonesMatrix matrix(std::size_t i) const {
    if (fields_.thick_ == nullptr)
      return {samples_.jones[0][i], samples_.jones[1][i], samples_.jones[2][i], samples_.jones[3][i]};
    const JonesMatrix m{mask_[0][i], mask_[1][i], mask_[2][i], mask_[3][i]};
    if (!fields_.projection_.has_jones()) return m;
    const Complex xx = samples_.jones[0][i], xy = samples_.jones[1][i], yx = samples_.jones[2][i],
                  yy = samples_.jones[3][i];
    return {xx * m[0] + xy * m[2], xx * m[1] + xy * m[3], yx * m[0] + yy * m[2], yx * m[1] + yy * m[3]};
  }

  template <class T>
  void write_fields(const Rotation<T>& r, Complex* out) {
    const std::size_t count = base_.size();
    const Complex* base = base_.data();
    const bool films = fields_.projection_.has_films();
    if (!fields_.projection_.is_vector()) {
      for (std::size_t i = 0; i < count; ++i) {
        Complex value = base[i];
        if (has_matrix()) {
          const JonesMatrix m = matrix(i);
          value *= 0.5 * (m[0] + m[3]);
        }
        // In a film the s wave represents the light.
        if (films) value *= s_wave(r, i);
        out[i] = value;
      }
      return;
    }
    if (fields_.fields_of(*point_) == kUnpolarisedFields) {
      constexpr double kHalfRoot = std::numbers::sqrt2 / 2;
      combine(base, r.xx.data(), r.yy.data(), 0.5, 0.5, out, count);
      combine(base, r.xx.data(), r.yy.data(), 0.5, -0.5, out + count, count);
      combine(base, r.xy.data(), r.xy.data(), 1, 0, out + 2 * count, count);
      combine(base, r.zx.data(), r.zx.data(), kHalfRoot, 0, out + 3 * count, count);
      combine(base, r.zy.data(), r.zy.data(), kHalfRoot, 0, out + 4 * count, count);
      return;
    }
    for (const JonesVector& state : polarisation_states(point_->stokes)) {
      if (const double x = state.x.real(), y = state.y.real();
          !has_matrix() && state.x == x && state.y == y) {
        combine(base, r.xx.data(), r.xy.data(), x, y, out, count);
        combine(base, r.xy.data(), r.yy.data(), x, y, out + count, count);
        combine(base, r.zx.data(), r.zy.data(), x, y, out + 2 * count, count);
        out += 3 * count;
        continue;
      }
      for (std::size_t i = 0; i < count; ++i) {
        Complex ex = state.x, ey = state.y;
        if (has_matrix()) {
          const JonesMatrix m = matrix(i);
          ex = m[0] * state.x + m[1] * state.y;
          ey = m[2] * state.x + m[3] * state.y;
        }
        ex *= base[i];
        ey *= base[i];
        out[i] = r.xx[i] * ex + r.xy[i] * ey;
        out[count + i] = r.xy[i] * ex + r.yy[i] * ey;
        out[2 * count + i] = r.zx[i] * ex + r.zy[i] * ey;
      }
      out += 3 * count;
    }
  }

  template <class T>
  [[nodiscard]] Complex s_wave(const Rotation<T>& r, std::size_t i) const {
    // s s^T of the rotation: (-S, C) A (-S, C)^T
    const std::size_t columns = samples_.gx.size();
    const double gx = samples_.gx[i % columns], gy = samples_.gy[i / columns], g2 = gx * gx + gy * gy;
    if (g2 == 0) return r.xx[i];
    return (r.xx[i] * (gy * gy) - 2.0 * r.xy[i] * (gx * gy) + r.yy[i] * (gx * gx)) / g2;
  }

  static constexpr int kUnpolarisedFields = 5;
  friend class PointFields;

  const PointFields& fields_;
  const illuminator::SourcePoint* point_ = nullptr;
  int group_ = 0;
  FieldGroup place_;
  PupilSamples samples_;
  Rotation<double> rotation_;
  Rotation<Complex> film_rotation_;
  std::vector<double> waves_;
  std::vector<Complex> base_, filters_;
  std::array<std::vector<Complex>, 4> mask_;  ///< of a thick one: xx, xy, yx, yy
};

PointFields::PointFields(const Box& cell, double wavelength_nm, const illuminator::PupilFill& pupil_fill,
                         const ImagingParameters& parameters, const FieldPosition& position,
                         std::span<const ImagePlane> planes)
    : cell_(cell),
      pupil_fill_(pupil_fill),
      projection_(parameters, wavelength_nm, position),
      planes_(planes),
      focus_(std::ranges::any_of(planes, [](const ImagePlane& plane) { return plane.focus_nm != 0; })
                 ? Projection::Focus::sample
                 : Projection::Focus::leave_out),
      columns_(band_limit(cell.width(), projection_.radius_per_nm()) + 1),
      rows_(band_limit(cell.height(), projection_.radius_per_nm()) + 1) {
  if (projection_.has_films())
    for (const ImagePlane& plane : planes) films_.emplace_back(parameters, wavelength_nm, plane.depth_nm);
}

PointFields::PointFields(const mask::Diffraction& mask, const illuminator::PupilFill& pupil_fill,
                         const ImagingParameters& parameters, const FieldPosition& position,
                         std::span<const ImagePlane> planes)
    : PointFields(mask.cell, mask.wavelength_nm, pupil_fill, parameters, position, planes) {
  if (!mask.thick) return;
  if (mask.thick->shares.size() != pupil_fill.points.size())
    throw std::invalid_argument("PointFields: the mask was computed for another source");
  thick_ = &mask;
}

int PointFields::n_groups() const {
  return static_cast<int>(pupil_fill_.points.size());
}

std::size_t PointFields::n_parameters() const {
  return thick_ == nullptr ? 0 : 4 * thick_->amplitudes.size() * thick_->thick->spectra.size();
}

double PointFields::weight(int group) const {
  return pupil_fill_.points[static_cast<std::size_t>(group)].weight;
}

int PointFields::fields_of(const illuminator::SourcePoint& point) const {
  if (!projection_.is_vector()) return 1;
  if (is_unpolarised(point.stokes) && !projection_.has_jones() && thick_ == nullptr)
    return Cursor::kUnpolarisedFields;
  return 3 * static_cast<int>(polarisation_states(point.stokes).size());
}

std::unique_ptr<FilterCursor> PointFields::make_cursor() const {
  return std::make_unique<Cursor>(*this);
}

// Jones matrices of the open frame of a thick mask, one per source point.
std::vector<JonesMatrix> PointFields::open_matrices() const {
  std::vector<JonesMatrix> open;
  if (thick_ == nullptr) return open;
  for (const auto& shares : thick_->thick->shares) {
    JonesMatrix& sum = open.emplace_back();
    for (const mask::SpectrumShare& share : shares)
      for (std::size_t i = 0; i < sum.size(); ++i)
        sum[i] += share.weight * thick_->thick->spectra[static_cast<std::size_t>(share.spectrum)].open[i];
  }
  return open;
}

std::vector<double> PointFields::clear_intensities() const {
  return projection_.clear_intensities(pupil_fill_.points, open_matrices());
}

std::vector<double> PointFields::mask_intensities() const {
  if (thick_ == nullptr) return std::vector<double>(pupil_fill_.points.size(), 1.0);
  const std::vector<JonesMatrix> open = open_matrices();
  std::vector<double> intensities;
  for (std::size_t s = 0; s < open.size(); ++s) {
    double sum = 0;
    for (const JonesVector& e : polarisation_states(pupil_fill_.points[s].stokes))
      sum += std::norm(open[s][0] * e.x + open[s][1] * e.y) + std::norm(open[s][2] * e.x + open[s][3] * e.y);
    intensities.push_back(sum);
  }
  return intensities;
}

}  // namespace undulith::imaging
