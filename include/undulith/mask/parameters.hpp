// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <optional>
#include <string>
#include <vector>

#include "undulith/core/precision.hpp"
#include "undulith/mask/film_stack.hpp"

/// Films and shapes of the mask, and how its diffraction is computed: the parameters of the mask stage.
namespace undulith::mask {

/// The meaning of a drawn shape: an opening in the absorber, or the absorber itself.
enum class Tone { dark_field, bright_field };

/// Where the reflected amplitudes of opening and absorber come from.
enum class Amplitudes { film_stack, given };

/// How the mask is computed.
///   thin: Kirchhoff, the layout times two reflected amplitudes: no thickness, the same for all directions
///   multislice: light goes down and up through thin slices of the absorber; 1 to 4 % of the largest order
///   rigorous: Maxwell's equations, converged to SolverParameters::max_error
enum class Model { thin, multislice, rigorous };

/// "thin", "multislice" or "rigorous".
[[nodiscard]] inline std::string name_of(Model model) {
  return model == Model::thin ? "thin" : model == Model::multislice ? "multislice" : "rigorous";
}

/// How finely a thick mask is computed.
struct SolverParameters {
  /// Largest angle at the mask between the directions of incidence for which it is solved, (0, 30]; multislice: half
  /// of it with coarse slices, twice of it with fine ones. Between them the light is interpolated with third order
  double direction_step_deg = 2.25;
  double max_error = 1e-3;  ///< rigorous: of an order, relative to the largest one, [1e-6, 0.1]
  int max_orders = 900;     ///< rigorous: no more than these are kept, >= 1
  double pixel_nm = 6;      ///< multislice: largest pixel, mask scale, > 0
  double slice_nm = 7.5;    ///< multislice: thickest slice, > 0
  /// Of the light in the slices of the multislice model. Single precision changes an order by some 1e-6 of the
  /// largest, a thousandth of the error of the model, and takes half the time.
  Precision precision = Precision::float32;
  int n_wall_slices = 6;  ///< of every absorber film where walls are not vertical, >= 1
};

/// A defect of the mask.
///   buried: a bump (or a pit, height < 0) under or in the mirror
///   extra_absorber, missing_absorber: a square of absorber too much, or too little
enum class DefectKind { buried, extra_absorber, missing_absorber };

struct MaskDefect {
  DefectKind kind = DefectKind::buried;
  double x_nm = 0, y_nm = 0;  ///< of its middle; wafer scale, coordinates of the clip
  double height_nm = 1;       ///< buried: Gaussian, on the substrate
  double width_nm = 50;       ///< mask scale, > 0; buried: full width at half maximum on the substrate
};

/// A membrane above the mask; light passes it twice.
struct Pellicle {
  materials::Material material;  ///< empty: none
  double thickness_nm = 50;      ///< > 0
};

struct MaskParameters {
  Model model = Model::multislice;  ///< amplitudes = given: always thin
  Tone tone = Tone::dark_field;
  double edge_bias_nm =
      0;  ///< every drawn edge moves outward by this much (wafer scale); a line grows by twice as much
  double corner_rounding_nm = 0;  ///< radius of every corner after that (wafer scale)
  Amplitudes amplitudes = Amplitudes::film_stack;
  std::complex<double> open_amplitude = 1;      ///< amplitudes = given
  std::complex<double> absorber_amplitude = 0;  ///< amplitudes = given
  FilmStack stack;                              ///< amplitudes = film_stack

  /// Angle of the walls of the absorber, (0, 180): below 90 it is wider at the bottom. Edges lie where they
  /// are drawn at half of its height
  double side_wall_deg = 90;
  /// Plane of a thick mask that is imaged to focus 0, below the top of the absorber (mask scale); absent:
  /// where the mirror effectively reflects, effective_depth_nm() below its top
  std::optional<double> reference_depth_nm;
  /// Etched into the mirror where the mask is dark, mask scale, >= 0; needs a stack without absorber and the
  /// thin or the rigorous model
  double etch_depth_nm = 0;
  std::vector<MaskDefect> defects;  ///< buried ones need the multislice model
  /// Length over which the films of the mirror smooth a bump of the substrate, mask scale, >= 0
  double defect_smoothing_nm = 0;
  Pellicle pellicle;
  SolverParameters solver;
};

/// The model that is computed: given amplitudes always mean a thin mask.
[[nodiscard]] inline Model model_of(const MaskParameters& parameters) {
  return parameters.amplitudes == Amplitudes::given ? Model::thin : parameters.model;
}

}  // namespace undulith::mask
