// SPDX-License-Identifier: MIT
#include "undulith/mask/pattern_mask.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "mask/mask_geometry.hpp"
#include "mask/thick_mask.hpp"
#include "mask/thick_scene.hpp"
#include "undulith/core/error.hpp"

namespace undulith::mask {
namespace {

// A mask without drawing, with its geometry.
struct PatternScene {
  Diffraction frame;
  MaskGeometry geometry;
  std::vector<PatternSpectrum> patterns;  // one per layer
};

void require_multislice(const MaskParameters& parameters) {
  if (model_of(parameters) != Model::multislice)
    throw InputError(
        fmt::format("mask.model = \"{}\" (only the multi-slice model has an adjoint); set mask.model = "
                    "\"multislice\"",
                    name_of(model_of(parameters))));
}

void refuse_polygons_only(const MaskParameters& parameters) {
  const auto refuse = [](const char* key, const char* advice) {
    throw InputError(
        fmt::format("{} (a mask of Fourier coefficients is the multi-slice model with vertical "
                    "walls, and has no polygons to change); {}",
                    key, advice));
  };
  if (model_of(parameters) != Model::multislice) refuse("mask.model", "set mask.model = \"multislice\"");
  if (parameters.side_wall_deg != 90) refuse("mask.side_wall_deg", "set it to 90");
  if (parameters.edge_bias_nm != 0) refuse("mask.edge_bias_nm", "set it to 0");
  if (parameters.corner_rounding_nm != 0) refuse("mask.corner_rounding_nm", "set it to 0");
  for (const FilmLayer& film : parameters.stack.absorber)
    if (film.undercut_nm != 0) refuse("mask.absorber.undercut_nm", "set it to 0");
  for (const MaskDefect& defect : parameters.defects)
    if (defect.kind != DefectKind::buried) refuse("mask.defect", "leave out defects of the absorber");
}

PatternScene scene_of(const MaskPattern& pattern, const MaskParameters& parameters, const MaskOptics& optics,
                      const MaskLight& light) {
  require_multislice(parameters);
  const MaskAsMade nothing{{pattern.cell, pattern.window, {}}};
  PatternScene scene{
      .frame = compute_thin_diffraction(nothing, parameters, light.wavelength_nm, light.max_frequency_per_nm),
      .geometry = mask_geometry(nothing, parameters, optics, light.wavelength_nm),
      .patterns = {}};
  scene.patterns.assign(scene.geometry.layers.size(), pattern.spectrum);
  return scene;
}

std::vector<DirectionSensitivity> pull_spectra(const ThickScene& scene, const std::vector<Sigma>& directions,
                                               std::span<const JonesSpectrum> d_spectra) {
  std::vector<DirectionSensitivity> pulled;
  for (std::size_t i = 0; i < directions.size(); ++i) {
    const SpectrumWriter writer(scene, directions[i]);
    pulled.push_back({writer.incident(), writer.pull_back(d_spectra[i])});
  }
  return pulled;
}

// Adds a gradient of fewer orders, or as many.
void add_orders(PatternSpectrum& sum, const PatternSpectrum& part) {
  for (int n = -part.max_order_y; n <= part.max_order_y; ++n)
    for (int m = -part.max_order_x; m <= part.max_order_x; ++m)
      sum.values[sum.index(m, n)] += part.values[part.index(m, n)];
}

PatternSpectrum no_gradient(PatternOrders orders) {
  PatternSpectrum none{.max_order_x = orders.x, .max_order_y = orders.y, .values = {}};
  none.values.resize(static_cast<std::size_t>(2 * orders.x + 1) * static_cast<std::size_t>(2 * orders.y + 1));
  return none;
}

PatternOrders orders_of(const ThickScene& scene, const MultisliceParameters& parameters) {
  return {carried_order(scene.geometry.cell.width(), parameters.pixel_nm),
          carried_order(scene.geometry.cell.height(), parameters.pixel_nm)};
}

// Directions of a source, and those of the correction.
struct SolvedDirections {
  Directions all, fine;
  [[nodiscard]] bool all_fine() const { return fine.nodes.size() >= all.nodes.size(); }
};
SolvedDirections directions_of(const ThickScene& scene, const MaskLight& light) {
  SolvedDirections directions{
      lay_directions(scene.geometry, scene.parameters, scene.optics, light.wavelength_nm, light.pupil_fill),
      {}};
  require_directions(scene.axes, directions.all);
  directions.fine = lay_corrections(directions.all, scene.parameters, scene.optics);
  return directions;
}

PatternOrders orders_of(const ThickScene& scene, const SolvedDirections& directions,
                        CorrectionGradient correction) {
  const bool quick = correction == CorrectionGradient::kept && !directions.all_fine();
  return orders_of(scene, quick ? quick_slices_of(scene) : slices_of(scene, 1, 1));
}

// The gradient of each layer of the geometry.
std::vector<PatternSpectrum> layer_gradients(const ThickScene& scene, const MaskLight& light,
                                             std::span<const JonesSpectrum> d_spectra,
                                             CorrectionGradient correction) {
  const SolvedDirections directions = directions_of(scene, light);
  const auto& [all, fine] = directions;
  if (d_spectra.size() != all.nodes.size())
    throw std::invalid_argument("compute_pattern_gradient: the spectra are of another source");
  std::vector<PatternSpectrum> sum(scene.geometry.layers.size(),
                                   no_gradient(orders_of(scene, directions, correction)));
  const auto add = [&](const MultisliceParameters& parameters,
                       std::span<const DirectionSensitivity> sensitivities) {
    const auto parts = make_solver(scene, parameters).gradient(sensitivities);
    for (std::size_t l = 0; l < sum.size(); ++l) add_orders(sum[l], parts[l]);
  };
  auto sensitivities = pull_spectra(scene, all.nodes, d_spectra);
  if (directions.all_fine()) {
    add(slices_of(scene, 1, 1), sensitivities);
    return sum;
  }
  if (correction == CorrectionGradient::follows) {
    // A spectrum is the quick one and its share of the differences between fine and quick ones.
    std::vector<JonesSpectrum> d_fine(fine.nodes.size());
    for (JonesSpectrum& d : d_fine)
      for (auto& element : d.orders) element.assign(scene.frame.amplitudes.size(), 0.0);
    for (std::size_t i = 0; i < d_spectra.size(); ++i)
      for (const SpectrumShare& share : fine.shares[i])
        add_scaled(d_fine[static_cast<std::size_t>(share.spectrum)], d_spectra[i], share.weight);
    auto pulled = pull_spectra(scene, fine.nodes, d_fine);
    add(slices_of(scene, 1, 1), pulled);
    for (DirectionSensitivity& direction : pulled) {
      for (OrderJones& order : direction.d_jones.orders) order = {-order.xx, -order.xy, -order.yx, -order.yy};
      sensitivities.push_back(std::move(direction));
    }
  }
  add(quick_slices_of(scene), sensitivities);
  return sum;
}

}  // namespace

PatternOrders pattern_orders(const Box& cell, const MaskParameters& parameters, const MaskOptics& optics,
                             const MaskLight& light, CorrectionGradient correction) {
  const PatternScene scene = scene_of({cell, cell, {.max_order_x = 0, .max_order_y = 0, .values = {0.0}}},
                                      parameters, optics, light);
  const ThickScene thick =
      make_scene(scene.geometry, scene.patterns, scene.frame, parameters, optics, light.mirror);
  return orders_of(thick, directions_of(thick, light), correction);
}

Diffraction compute_diffraction(const MaskPattern& pattern, const MaskParameters& parameters,
                                const MaskOptics& optics, const MaskLight& light,
                                std::span<const SliceCorrection> corrections) {
  refuse_polygons_only(parameters);
  PatternScene scene = scene_of(pattern, parameters, optics, light);
  Diffraction diffraction = scene.frame;
  const double drawn = pattern.spectrum.values.at(pattern.spectrum.index(0, 0)).real();
  diffraction.open_area_fraction = parameters.tone == Tone::dark_field ? drawn : 1 - drawn;
  diffraction.thick = solve_thick_mask(scene.geometry, scene.patterns, scene.frame, parameters, optics,
                                       light.pupil_fill, corrections, {}, light.mirror);
  diffraction.amplitudes = chief_amplitudes(*diffraction.thick);
  return diffraction;
}

Diffraction compute_diffraction(const MaskAsMade& made, const MaskParameters& parameters,
                                const MaskOptics& optics, const MaskLight& light,
                                std::span<const SliceCorrection> corrections) {
  require_multislice(parameters);
  Diffraction diffraction =
      compute_thin_diffraction(made, parameters, light.wavelength_nm, light.max_frequency_per_nm);
  diffraction.thick =
      solve_thick_mask(mask_geometry(made, parameters, optics, light.wavelength_nm), {}, diffraction,
                       parameters, optics, light.pupil_fill, corrections, {}, light.mirror);
  diffraction.amplitudes = chief_amplitudes(*diffraction.thick);
  return diffraction;
}

SharedMirror tabulate_mirror(const FilmStack& stack, double wavelength_nm) {
  return tabulate_mirror(mirror_films(stack, wavelength_nm), substrate_film(stack, wavelength_nm),
                         wavelength_nm);
}

SliceCorrection compute_correction(const MaskPattern& pattern, const MaskParameters& parameters,
                                   const MaskOptics& optics, const MaskLight& light) {
  refuse_polygons_only(parameters);
  const PatternScene scene = scene_of(pattern, parameters, optics, light);
  return solve_correction(scene.geometry, scene.patterns, scene.frame, parameters, optics, light.pupil_fill,
                          {}, light.mirror);
}

PatternSpectrum compute_pattern_gradient(const MaskPattern& pattern, const MaskParameters& parameters,
                                         const MaskOptics& optics, const MaskLight& light,
                                         std::span<const JonesSpectrum> d_spectra,
                                         CorrectionGradient correction) {
  refuse_polygons_only(parameters);
  const PatternScene scene = scene_of(pattern, parameters, optics, light);
  const ThickScene thick =
      make_scene(scene.geometry, scene.patterns, scene.frame, parameters, optics, light.mirror);
  const auto layers = layer_gradients(thick, light, d_spectra, correction);
  if (layers.empty())
    return no_gradient(
        orders_of(thick, directions_of(thick, light), correction));  // a mirror without absorber
  PatternSpectrum sum = layers.front();
  for (std::size_t l = 1; l < layers.size(); ++l) add_orders(sum, layers[l]);
  return sum;
}

std::vector<LayerGradient> compute_layer_gradients(const MaskAsMade& made, const MaskParameters& parameters,
                                                   const MaskOptics& optics, const MaskLight& light,
                                                   std::span<const JonesSpectrum> d_spectra,
                                                   CorrectionGradient correction) {
  require_multislice(parameters);
  const Diffraction frame =
      compute_thin_diffraction(made, parameters, light.wavelength_nm, light.max_frequency_per_nm);
  const MaskGeometry geometry = mask_geometry(made, parameters, optics, light.wavelength_nm);
  const ThickScene scene = make_scene(geometry, {}, frame, parameters, optics, light.mirror);
  auto gradients = layer_gradients(scene, light, d_spectra, correction);
  std::vector<LayerGradient> layers;
  for (std::size_t l = 0; l < gradients.size(); ++l)
    layers.push_back({geometry.layers[l].polygons, std::move(gradients[l])});
  return layers;
}

}  // namespace undulith::mask
