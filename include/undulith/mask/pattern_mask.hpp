// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "undulith/mask/mask.hpp"
#include "undulith/mask/multislice.hpp"
#include "undulith/mask/pattern_spectrum.hpp"
#include "undulith/mask/polygon_gradient.hpp"

/// Multi-slice masks whose pattern changes, as in an optimisation: light of a pattern, and the gradient back to it.
namespace undulith::mask {

/// A drawing by its Fourier coefficients, in place of polygons.
struct MaskPattern {
  Box cell, window;  ///< nm, wafer scale
  PatternSpectrum spectrum;
};

/// What illuminates and images a mask: the arguments of compute_diffraction() that a change of the pattern leaves alone.
struct MaskLight {
  const illuminator::PupilFill& pupil_fill;
  double wavelength_nm, max_frequency_per_nm;
  /// tabulate_mirror() of the stack at this wavelength, for many masks; null: it is made for each
  SharedMirror mirror{};
};
/// The mirror of a stack of films.
/// @throws InputError  unknown material, wavelength outside its table
[[nodiscard]] SharedMirror tabulate_mirror(const FilmStack& stack, double wavelength_nm);

/// Whether the correction for fine slices, which compute_diffraction() adds to its quick solutions, follows the pattern. Its
/// own gradient costs as much as its own solution, most of the time of a mask.
///   follows  the gradient of compute_diffraction() without given corrections
///   kept     the gradient of compute_diffraction() with given corrections, whatever they are
enum class CorrectionGradient { follows, kept };

/// Orders of the pattern that the pixels of the multi-slice model carry: the light depends on no others. The share of a pixel
/// is the sum of these orders at its place. Orders of polygons are exact (polygon_spectrum()), so that the mask of a
/// pattern with these orders is that of its polygons.
struct PatternOrders {
  int x = 0, y = 0;
};
/// @param correction  kept: only the pixels of the quick solutions count, 2.7 times as large, unless all directions are solved
///                    with fine ones
/// @throws InputError  as compute_diffraction()
[[nodiscard]] PatternOrders pattern_orders(const Box& cell, const MaskParameters& parameters,
                                           const MaskOptics& optics, const MaskLight& light,
                                           CorrectionGradient correction = CorrectionGradient::follows);

/// compute_diffraction() of a pattern. The mask is the multi-slice model with vertical walls.
/// @throws InputError  as compute_diffraction(); another model, walls that are not vertical, undercut films, an edge bias,
///                     rounded corners or absorber defects: these are made of polygons
[[nodiscard]] Diffraction compute_diffraction(const MaskPattern& pattern, const MaskParameters& parameters,
                                              const MaskOptics& optics, const MaskLight& light,
                                              std::span<const SliceCorrection> corrections = {});

/// compute_diffraction() of polygons, with a mirror that may be there already.
[[nodiscard]] Diffraction compute_diffraction(const MaskAsMade& made, const MaskParameters& parameters,
                                              const MaskOptics& optics, const MaskLight& light,
                                              std::span<const SliceCorrection> corrections = {});

/// compute_correction() of a pattern.
[[nodiscard]] SliceCorrection compute_correction(const MaskPattern& pattern, const MaskParameters& parameters,
                                                 const MaskOptics& optics, const MaskLight& light);

/// Gradient of a number L of the light with respect to the pattern.
///
/// @param d_spectra  one per spectrum of Diffraction::thick, dL = Re sum conj(d_spectra.orders) d(spectra.orders), as
///                   imaging::compute_gradients() gives them
/// @return           of the orders of pattern_orders(): dL = Re sum conj(g) dc
/// @throws InputError  as compute_diffraction(); std::invalid_argument  another number of spectra
/// Accuracy: that of MultisliceSolver::gradient(). Cost: 1.6 to 2 times
/// compute_diffraction(). Theory: docs/theory/optimisation-adjoint.md
[[nodiscard]] PatternSpectrum compute_pattern_gradient(const MaskPattern& pattern,
                                                       const MaskParameters& parameters,
                                                       const MaskOptics& optics, const MaskLight& light,
                                                       std::span<const JonesSpectrum> d_spectra,
                                                       CorrectionGradient correction);

/// Gradient with respect to the pattern of one layer of a mask of polygons.
struct LayerGradient {
  std::vector<layout::Polygon> polygons;  ///< of the layer, mask scale, lower-left corner of the cell at 0
  PatternSpectrum d_pattern;
};

/// The same for a mask of polygons, for each layer on its own: layers of slanted walls and undercut films have other polygons.
/// For vertical walls the sum is the gradient of the one pattern.
/// Arguments, errors, accuracy and cost: compute_pattern_gradient().
[[nodiscard]] std::vector<LayerGradient> compute_layer_gradients(
    const MaskAsMade& made, const MaskParameters& parameters, const MaskOptics& optics,
    const MaskLight& light, std::span<const JonesSpectrum> d_spectra, CorrectionGradient correction);

/// The same with respect to the rings of the mask as made, per nm at wafer scale: the sum over the layers.
///
/// An edge of a layer moves with the drawn edge that it is parallel to and nearest to. Where walls are not vertical, only
/// d_offset is given and d_vertex is empty.
/// @throws InputError  as compute_pattern_gradient(); an edge of a layer that is parallel to no drawn edge near it
[[nodiscard]] std::vector<RingGradient> compute_ring_gradient(
    const MaskAsMade& made, const MaskParameters& parameters, const MaskOptics& optics,
    const MaskLight& light, std::span<const JonesSpectrum> d_spectra, CorrectionGradient correction);

}  // namespace undulith::mask
