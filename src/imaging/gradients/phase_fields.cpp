// SPDX-License-Identifier: MIT
#include "imaging/gradients/phase_fields.hpp"

#include "imaging/fft_worker.hpp"
#include "undulith/core/constants.hpp"

namespace undulith::imaging {

class PhaseFields::Cursor final : public FilterCursor {
 public:
  explicit Cursor(const PhaseFields& fields)
      : fields_(fields),
        inner_(fields.fields_.make_cursor()),
        spectrum_(fields.mask_.thick ? SpectrumView{}
                                     : SpectrumView{fields.mask_.amplitudes, fields.mask_.max_order_x,
                                                    fields.mask_.max_order_y}) {}

  FieldGroup select(int group) override {
    group_ = inner_->select(group);
    const auto& point = fields_.pupil_fill_.points[static_cast<std::size_t>(group)];
    const Projection& projection = fields_.projection_;
    const double radius = projection.radius_per_nm();
    samples_.gx.clear();
    samples_.gy.clear();
    for (int column = 0; column < fields_.columns(); ++column)
      samples_.gx.push_back((group_.m_first + column) / fields_.mask_.cell.width() + point.sigma_x * radius);
    for (int row = 0; row < fields_.rows(); ++row)
      samples_.gy.push_back((group_.n_first + row) / fields_.mask_.cell.height() + point.sigma_y * radius);
    projection.sample(samples_, Projection::Focus::sample);
    return group_;
  }

  std::span<const std::complex<double>> filters(int plane) override {
    plane_ = static_cast<std::size_t>(plane);
    const auto filters = inner_->filters(plane);
    whole_.assign(filters.begin(), filters.end());
    if (spectrum_.values.empty()) return whole_;
    const Overlap overlap = overlap_of(group_, fields_, spectrum_);
    for (int component = 0; component < group_.n_fields; ++component) {
      const std::size_t first = static_cast<std::size_t>(component) * samples_.size();
      write_product(spectrum_, group_, overlap, filters.data() + first, fields_.columns(), fields_.rows(),
                    whole_.data() + first, fields_.columns());
    }
    return whole_;
  }

  // A phase of u waves multiplies a filter by exp(2 pi i u).
  void pull_back(std::span<const std::complex<double>> d_filters,
                 std::span<std::complex<double>> d_parameters) override {
    const std::size_t n_terms = fields_.terms_.size(), columns = samples_.gx.size();
    const double radius = fields_.projection_.radius_per_nm(), scale = fields_.projection_.wavefront_scale();
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      if (samples_.amplitude[i] == 0) continue;
      double per_wave = 0;
      for (std::size_t at = i; at < whole_.size(); at += samples_.size())
        per_wave -= 2 * constants::kPi * (std::conj(d_filters[at]) * whole_[at]).imag();
      const double x = samples_.gx[i % columns] / radius, y = samples_.gy[i / columns] / radius;
      for (std::size_t term = 0; term < n_terms; ++term)
        d_parameters[term] += per_wave * scale * fields_.terms_[term].waves(x, y);
      d_parameters[n_terms + plane_] += per_wave * samples_.focus_waves[i];
    }
  }

 private:
  const PhaseFields& fields_;
  std::unique_ptr<FilterCursor> inner_;
  SpectrumView spectrum_;  ///< of a thin mask; a thick one is in the filters
  FieldGroup group_;
  std::size_t plane_ = 0;
  PupilSamples samples_;
  std::vector<std::complex<double>> whole_;
};

PhaseFields::PhaseFields(const mask::Diffraction& mask, const illuminator::PupilFill& pupil_fill,
                         const ImagingParameters& parameters, const FieldPosition& position,
                         std::span<const ImagePlane> planes, std::span<const ZernikeTerm> terms)
    : mask_(mask),
      pupil_fill_(pupil_fill),
      projection_(parameters, mask.wavelength_nm, position),
      fields_(mask, pupil_fill, parameters, position, planes) {
  for (ZernikeTerm term : terms) {
    term.waves = 1;
    terms_.emplace_back(std::span(&term, 1));
  }
}

std::size_t PhaseFields::n_parameters() const {
  return terms_.size() + static_cast<std::size_t>(n_planes());
}

std::unique_ptr<FilterCursor> PhaseFields::make_cursor() const {
  return std::make_unique<Cursor>(*this);
}

}  // namespace undulith::imaging
