// SPDX-License-Identifier: MIT
#include "undulith/illuminator/beamline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "illuminator/coatings.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/illuminator/keys.hpp"

namespace undulith::illuminator {
namespace {

using optics::Stokes;

constexpr double kCurveSpan = 0.08;   // about the design wavelength: where multilayers reflect
constexpr double kFineStep = 2.5e-4;  // of the photon energy, within the span: 1/80 of the curve of a chain

std::string key_of(std::size_t index) {
  return fmt::format("beamline.mirror[{}]", index + 1);
}

void check_mirror(const BeamlineMirror& m, const std::string& key, double wavelength_nm) {
  check_keys(m, mirror_keys(), key);
  WavelengthRange range;
  try {
    range = known_range(m);
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}.material = \"{}\": {}", key, m.material.name(), error.what()));
  }
  if (!range.holds(0.99 * wavelength_nm) || !range.holds(1.01 * wavelength_nm)) {
    throw InputError(
        fmt::format("source.wavelength_nm = {:.6g} (the band about it leaves {:.4g} to {:.4g} nm, where the "
                    "coating of {} is known); use 13.5, or a fixed transmission",
                    wavelength_nm, range.shortest_nm, range.longest_nm, key));
  }
}

void check(const BeamlineParameters& p, const std::vector<BeamlineMirror>& mirrors, double wavelength_nm) {
  check_ranges(p);
  for (std::size_t i = 0; i < mirrors.size(); ++i) {
    check_mirror(mirrors[i], key_of(i), wavelength_nm);
    if (i > 0 && mirrors[i].section < mirrors[i - 1].section) {
      throw InputError(
          fmt::format("{}.section is out of order (it lies before that of the element above it); order them "
                      "front_end, illuminator, mask, projection",
                      key_of(i)));
    }
  }
}

/// The light on energies close enough for the curves of mirrors; the energies of the source are among them.
struct FineLight {
  std::vector<double> energy_ev;
  std::vector<Stokes> flux;         // s0 in the unit of the flux of the source
  std::vector<double> band_weight;  // of s0, for the power in the band up to a factor
  std::vector<double> all_weight;   // for the power at all energies
  std::vector<std::size_t> of_source;
};

void check_light(const source::SourceOutput& light) {
  const auto& energy = light.photon_energy_ev;
  bool good = !energy.empty() && light.spectral_flux.size() == energy.size() &&
              (light.spectral_stokes.empty() || light.spectral_stokes.size() == energy.size());
  for (std::size_t i = 0; good && i < energy.size(); ++i) {
    good = std::isfinite(energy[i]) && energy[i] > 0 && (i == 0 || energy[i] > energy[i - 1]) &&
           std::isfinite(light.spectral_flux[i]) && light.spectral_flux[i] >= 0;
  }
  if (!good || !(light.wavelength_nm > 0) || !std::isfinite(light.wavelength_nm))
    throw InputError(
        "source.kind gives a spectrum that does not ascend or is negative; correct the spectrum");
}

/// flux times the Stokes vector for s0 = 1.
Stokes scaled(const Stokes& s, double flux) {
  const double scale = s.s0 > 0 ? flux / s.s0 : 0;
  return {.s0 = flux, .s1 = scale * s.s1, .s2 = scale * s.s2, .s3 = scale * s.s3};
}

Stokes between(const Stokes& a, const Stokes& b, double t) {
  return {.s0 = std::lerp(a.s0, b.s0, t),
          .s1 = std::lerp(a.s1, b.s1, t),
          .s2 = std::lerp(a.s2, b.s2, t),
          .s3 = std::lerp(a.s3, b.s3, t)};
}

FineLight refine(const source::SourceOutput& light) {
  check_light(light);
  const auto& source_ev = light.photon_energy_ev;
  const auto stokes = [&](std::size_t i) {
    return scaled(light.spectral_stokes.empty() ? light.stokes : light.spectral_stokes[i],
                  light.spectral_flux[i]);
  };
  const double low = constants::energy_ev_of(1.01 * light.wavelength_nm),
               high = constants::energy_ev_of(0.99 * light.wavelength_nm);
  const double first = constants::energy_ev_of((1 + kCurveSpan) * light.wavelength_nm),
               last = constants::energy_ev_of((1 - kCurveSpan) * light.wavelength_nm);
  FineLight fine;
  for (std::size_t i = 0; i < source_ev.size(); ++i) {
    if (i > 0) {
      const double from = source_ev[i - 1], to = source_ev[i];
      std::vector<double> inner;
      for (const double edge : {first, low, high, last})
        if (edge > from && edge < to) inner.push_back(edge);
      inner.push_back(to);
      double left = from;
      for (const double right : inner) {
        const double width = right - left;
        const bool curved = left >= first * (1 - 1e-12) && right <= last * (1 + 1e-12);
        const int n = curved ? static_cast<int>(std::ceil(width / (kFineStep * left))) : 1;
        for (int k = 1; k <= n; ++k) {
          // The last is the edge or the sample itself, to the last bit.
          const double energy = k == n ? right : left + width * k / n;
          fine.energy_ev.push_back(energy);
          fine.flux.push_back(between(stokes(i - 1), stokes(i), (energy - from) / (to - from)));
        }
        left = right;
      }
    } else {
      fine.energy_ev.push_back(source_ev[0]);
      fine.flux.push_back(stokes(0));
    }
    fine.of_source.push_back(fine.energy_ev.size() - 1);
  }
  const std::size_t n = fine.energy_ev.size();
  fine.band_weight.assign(n, 0);
  fine.all_weight.assign(n, 0);
  for (std::size_t i = 1; i < n; ++i) {
    const double left = fine.energy_ev[i - 1], right = fine.energy_ev[i];
    const bool in_band = left >= low && right <= high;
    for (const std::size_t end : {i - 1, i}) {
      fine.all_weight[end] += 0.5 * (right - left);
      if (in_band) fine.band_weight[end] += 0.5 * (right - left);
    }
  }
  if (n == 1) {
    fine.all_weight[0] = 1;
    fine.band_weight[0] = fine.energy_ev[0] >= low && fine.energy_ev[0] <= high ? 1 : 0;
  }
  return fine;
}

Stokes sum_of(const std::vector<Stokes>& flux, const std::vector<double>& weight) {
  Stokes sum{.s0 = 0};
  for (std::size_t i = 0; i < flux.size(); ++i) {
    sum.s0 += weight[i] * flux[i].s0;
    sum.s1 += weight[i] * flux[i].s1;
    sum.s2 += weight[i] * flux[i].s2;
    sum.s3 += weight[i] * flux[i].s3;
  }
  return sum;
}

/// s0 = 1; dark light counts as unpolarised.
Stokes normalised(const Stokes& s) {
  if (!(s.s0 > 0)) return {};
  return {.s0 = 1, .s1 = s.s1 / s.s0, .s2 = s.s2 / s.s0, .s3 = s.s3 / s.s0};
}

void reflect_all(std::vector<Stokes>& flux, const std::vector<MirrorResponse>& response,
                 const BeamlineMirror& mirror) {
  for (int k = 0; k < mirror.count; ++k)
    for (std::size_t i = 0; i < flux.size(); ++i)
      flux[i] = reflect(flux[i], response[i], mirror.plane_of_incidence_deg);
}

struct Width {
  double fwhm_percent = 0, effective_percent = 0;
  bool cut = false;  ///< an end was taken for a half-maximum point
};

/// Between the half-maximum points on the sides of the highest sample; an end counts as one.
Width width_of(const FineLight& light) {
  const std::size_t n = light.energy_ev.size();
  if (n == 1) return {};
  const auto& e = light.energy_ev;
  const auto top = static_cast<std::size_t>(
      std::max_element(light.flux.begin(), light.flux.end(),
                       [](const Stokes& a, const Stokes& b) { return a.s0 < b.s0; }) -
      light.flux.begin());
  const double peak = light.flux[top].s0, half = 0.5 * peak;
  if (!(peak > 0)) return {};
  const auto crossing = [&](std::size_t above, std::size_t below) {
    const double t = (half - light.flux[below].s0) / (light.flux[above].s0 - light.flux[below].s0);
    return std::lerp(e[below], e[above], t);
  };
  double low = e.front(), high = e.back();
  int n_crossings = 0;
  for (std::size_t i = top; i > 0; --i)
    if (light.flux[i - 1].s0 < half) {
      low = crossing(i, i - 1);
      ++n_crossings;
      break;
    }
  for (std::size_t i = top; i + 1 < n; ++i)
    if (light.flux[i + 1].s0 < half) {
      high = crossing(i, i + 1);
      ++n_crossings;
      break;
    }
  double integral = 0, moment = 0;
  for (std::size_t i = 0; i < n; ++i) {
    integral += light.all_weight[i] * light.flux[i].s0;
    moment += light.all_weight[i] * light.flux[i].s0 * e[i];
  }
  return {.fwhm_percent = 100 * (high - low) / e[top],
          .effective_percent = 100 * (integral / peak) / (moment / integral),
          .cut = n_crossings < 2};
}

bool same_design(const BeamlineMirror& a, const BeamlineMirror& b) {
  return a.coating == b.coating && a.incidence_deg == b.incidence_deg && a.material == b.material &&
         a.roughness_nm == b.roughness_nm && a.peak_reflectance == b.peak_reflectance &&
         a.transmission == b.transmission;
}

std::string reflectance_note(const BeamlineMirror& mirror, const std::string& name, double wavelength_nm,
                             int n_tuned, const std::string& key) {
  const std::vector<double> design{constants::energy_ev_of(wavelength_nm)};
  const MirrorResponse r = respond(mirror, design, wavelength_nm, n_tuned, key).front();
  const double both = 50 * (r.reflectance_s + r.reflectance_p);
  const std::string each =
      fmt::format("{:.4g} % each for unpolarised light at {:.6g} nm (s {:.4g}, p {:.4g})", both,
                  wavelength_nm, 100 * r.reflectance_s, 100 * r.reflectance_p);
  if (mirror.coating == Coating::grazing)
    return fmt::format("{}: {} x {} at {:.4g} deg grazing, {}.", name, mirror.count, mirror.material.name(),
                       90 - mirror.incidence_deg, each);
  return fmt::format(
      "{}: {} x Mo/Si at {:.4g} deg, {}{}.", name, mirror.count, mirror.incidence_deg, each,
      mirror.peak_reflectance > 0
          ? fmt::format(", the model curve scaled to a peak of {:.4g} %", 100 * mirror.peak_reflectance)
          : ", a model stack without a cap");
}

}  // namespace

std::vector<BeamlineMirror> default_mirrors(source::SourceKind kind) {
  constexpr double kGrazingDeg = 2, kPeakReflectance = 0.65;
  std::vector<BeamlineMirror> mirrors;
  if (kind == source::SourceKind::monochromatic) return mirrors;  // an ideal line, of any wavelength
  if (kind != source::SourceKind::lpp) {
    mirrors.push_back({.name = "front end",
                       .section = Section::front_end,
                       .coating = Coating::grazing,
                       .count = 2,
                       .incidence_deg = 90 - kGrazingDeg});
  }
  const auto add = [&](const char* name, Section section, int count) {
    mirrors.push_back(
        {.name = name, .section = section, .count = count, .peak_reflectance = kPeakReflectance});
  };
  add("illuminator", Section::illuminator, 4);
  add("mask", Section::mask, 1);
  add("projection", Section::projection, 6);
  return mirrors;
}

namespace {

int count_tuned(const std::vector<BeamlineMirror>& mirrors) {
  int n = 0;
  for (const BeamlineMirror& mirror : mirrors)
    if (mirror.coating == Coating::multilayer) n += mirror.count;
  return std::max(1, n);
}

/// The light on its way through the mirrors, and what has been noted of it so far.
class Tracer {
 public:
  Tracer(const BeamlineParameters& p, const std::vector<BeamlineMirror>& mirrors,
         const source::SourceOutput& light, FineLight fine)
      : p_(p),
        mirrors_(mirrors),
        wavelength_nm_(light.wavelength_nm),
        spectrum_width_(light.spectrum_width),
        n_tuned_(count_tuned(mirrors)),
        fine_(std::move(fine)),
        unmasked_(fine_.flux),
        behind_(sum_of(fine_.flux, fine_.band_weight)),
        all_power_(sum_of(fine_.flux, fine_.all_weight).s0) {
    if (!(behind_.s0 > 0) || !(light.in_band_power_w > 0))
      throw InputError(
          fmt::format("source.wavelength_nm = {:.6g} (the source has no light within 1 % of it); tune the "
                      "source to it",
                      light.wavelength_nm));
    watts_ = light.in_band_power_w / behind_.s0;
    beamline_.source_power_w = light.in_band_power_w;
    beamline_.first_mirror_power_density_w_mm2 =
        light.power_density_w_mrad2 / (p.first_mirror_distance_m * p.first_mirror_distance_m);
  }

  [[nodiscard]] Beamline trace() {
    for (std::size_t i = 0; i < mirrors_.size(); ++i) {
      enter(mirrors_[i].section);
      pass(i);
    }
    enter(Section::projection);
    beamline_.wafer_power_w = watts_ * behind_.s0;
    for (const std::size_t i : fine_.of_source) {
      beamline_.wafer_flux.push_back(fine_.flux[i].s0);
      beamline_.relative_flux_without_mask.push_back(unmasked_[i].s0);
    }
    const Width width = width_of(fine_);
    // The mirrors may narrow a spectrum that is cut until its width is within the file.
    beamline_.bandwidth_known = spectrum_width_ == source::SpectrumWidth::known ||
                                (spectrum_width_ == source::SpectrumWidth::cut && !width.cut);
    if (beamline_.bandwidth_known) {
      beamline_.bandwidth_fwhm_percent = width.fwhm_percent;
      beamline_.effective_bandwidth_percent = width.effective_percent;
    }
    return std::move(beamline_);
  }
  /// Power beyond the tables of coatings, of the power of the source.
  [[nodiscard]] double lost_share() const { return lost_ / all_power_; }

 private:
  void add_step(const std::string& name, Section section) {
    const double before = behind_.s0;
    behind_ = sum_of(fine_.flux, fine_.band_weight);
    beamline_.steps.push_back({.name = name,
                               .section = section,
                               .transmission = before > 0 ? behind_.s0 / before : 0,
                               .in_band_power_w = watts_ * behind_.s0,
                               .stokes = normalised(behind_)});
  }

  void share_among_scanners() {
    if (p_.n_scanners == 1 && p_.splitting_efficiency == 1) return;
    const double share = p_.splitting_efficiency / p_.n_scanners;
    for (std::vector<Stokes>* flux : {&fine_.flux, &unmasked_})
      for (Stokes& s : *flux) s = scaled(s, share * s.s0);
    add_step(fmt::format("share of one of {} scanners", p_.n_scanners), Section::front_end);
  }

  /// Notes the powers at the planes where the section begins.
  void enter(Section section) {
    if (reached_ == Section::front_end && section > Section::front_end) {
      share_among_scanners();
      beamline_.intermediate_focus_power_w = watts_ * behind_.s0;
    }
    if (reached_ < Section::mask && section >= Section::mask) {
      beamline_.mask_power_w = watts_ * behind_.s0;
      beamline_.mask_stokes = normalised(behind_);
    }
    reached_ = std::max(reached_, section);
  }

  /// Mirrors of one design share one response.
  [[nodiscard]] std::vector<MirrorResponse> response_of(std::size_t i) const {
    for (std::size_t k = 0; k < i; ++k)
      if (same_design(mirrors_[i], mirrors_[k])) return responses_[k];
    return respond(mirrors_[i], fine_.energy_ev, wavelength_nm_, n_tuned_, key_of(i));
  }

  void pass(std::size_t i) {
    const BeamlineMirror& mirror = mirrors_[i];
    responses_.push_back(response_of(i));
    const WavelengthRange range = known_range(mirror);
    for (std::size_t k = 0; mirror.count > 0 && k < fine_.flux.size(); ++k)
      if (!range.holds(constants::wavelength_nm_of(fine_.energy_ev[k])))
        lost_ += fine_.all_weight[k] * fine_.flux[k].s0;
    const std::string name = mirror.name.empty() ? fmt::format("element {}", i + 1) : mirror.name;
    reflect_all(fine_.flux, responses_.back(), mirror);
    if (mirror.section != Section::mask) reflect_all(unmasked_, responses_.back(), mirror);
    add_step(name, mirror.section);
    if (mirror.coating != Coating::fixed && mirror.count > 0)
      beamline_.notes.push_back(reflectance_note(mirror, name, wavelength_nm_, n_tuned_, key_of(i)));
  }

  const BeamlineParameters& p_;
  const std::vector<BeamlineMirror>& mirrors_;
  double wavelength_nm_;
  source::SpectrumWidth spectrum_width_;
  int n_tuned_;
  FineLight fine_;
  std::vector<Stokes> unmasked_;  ///< the same light without the mask, for the image
  Stokes behind_;                 ///< of the band, behind the last element
  double all_power_;              ///< at the source, of all energies
  double watts_ = 0;              ///< per unit of flux in the band
  double lost_ = 0;
  Section reached_ = Section::front_end;
  std::vector<std::vector<MirrorResponse>> responses_;
  Beamline beamline_;
};

}  // namespace

Beamline trace_beamline(const BeamlineParameters& p, const source::SourceOutput& light) {
  const bool by_default = p.mirrors.empty();
  const std::vector<BeamlineMirror> mirrors = by_default ? default_mirrors(light.kind) : p.mirrors;
  FineLight fine = refine(light);
  check(p, mirrors, light.wavelength_nm);
  Tracer tracer(p, mirrors, light, std::move(fine));
  Beamline beamline = tracer.trace();
  if (by_default)
    beamline.notes.push_back(
        "The job names no mirrors: numbers and angles are those usual for the kind of source, and a peak "
        "reflectance of 65 % is below that of the model stack for the cap, the grading and the ageing of "
        "real mirrors (assumed).");
  if (tracer.lost_share() > 0)
    beamline.notes.push_back(fmt::format(
        "Light beyond the tables of a coating is taken as lost: {:.3g} % of the power of the spectrum, none "
        "of it in the band.",
        100 * tracer.lost_share()));
  return beamline;
}

}  // namespace undulith::illuminator
