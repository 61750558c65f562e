// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <optional>
#include <string>
#include <vector>

#include "undulith/core/grid.hpp"
#include "undulith/core/precision.hpp"
#include "undulith/core/range.hpp"
#include "undulith/optics/film_stack.hpp"
#include "undulith/optics/mirror.hpp"
#include "undulith/optics/zernike.hpp"

/// The projection optics and how their image is computed: the parameters of the imaging stage.
namespace undulith::imaging {

using optics::ZernikeTerm;

/// Ranges of parameters that several structs hold: depth of an image plane, total integrated scatter, relative
/// weight of a slit position.
inline constexpr Range kDepthNm = Range::closed(0, 1e5), kScatter = Range::below(0, 1),
                       kSlitWeight = Range::above(0, 1e6);

/// vector: three components of the electric field at the wafer for each polarisation of a source point;
/// scalar: one, the polarisation is ignored.
enum class FieldModel { vector, scalar };

/// radiometric: amplitude sqrt(cos_obj/cos_img), which conserves the power of a pencil of light; none: 1.
enum class Obliquity { radiometric, none };

enum class ObscurationShape { ellipse, rectangle };

/// Central obscuration of the pupil (holes of the mirrors), in units of NA.
struct Obscuration {
  double radius = 0;  ///< half width along x, [0, 1); 0 = none
  double aspect = 1;  ///< half width along y over that along x, > 0
  ObscurationShape shape = ObscurationShape::ellipse;
};

/// One term of the Jones pupil J(g) = 1 + sum_k c_k Z_k(rho, theta) sigma_k on the basis (Ex, Ey):
/// sigma_0 = 1, sigma_1 = diag(1, -1), sigma_2 = [[0, 1], [1, 0]], sigma_3 = [[0, -i], [i, 0]].
struct JonesTerm {
  int pauli = 0;  ///< 0..3
  int index = 1;  ///< Zernike index in `set`
  std::complex<double> coefficient = 0;
  optics::ZernikeSet set = optics::ZernikeSet::fringe;
};

/// A coated mirror of the projection optics, described over the pupil. The angle of incidence changes
/// linearly over the pupil: incidence_deg + spread_deg (x cos a + y sin a), with (x, y) in units of NA and a
/// = azimuth_deg the direction of the plane of incidence.
struct ProjectionMirror {
  optics::MoSiMirror coating;
  double incidence_deg = 0;  ///< of the chief ray, [0, 80)
  double spread_deg = 0;     ///< from the centre to the rim of the pupil
  double azimuth_deg = 90;   ///< from +x
};

/// One position in the slit: its differences. The images of all positions are averaged.
struct FieldPosition {
  double weight = 1;                     ///< relative, > 0
  std::vector<ZernikeTerm> aberrations;  ///< added to those of the whole field
  double chief_ray_azimuth_deg = 0;      ///< added to that of the whole field
};

/// Flare: scattered light, I = (1 - tis) I_0 + tis * clear density around the point.
struct FlareParameters {
  double tis = 0;  ///< total integrated scatter, [0, 1)
  /// Clear share of the mask around the clip, weighted by the scattering point spread function, [0, 1];
  /// absent = that of the clip itself
  std::optional<double> clear_density;
};

enum class Method { abbe, socs };

/// Coherent systems (sum of coherent systems, SOCS) of one pupil on one periodic cell.
///
/// I(x) = sum_k eigenvalue_k |sum_f M(f) kernel_k(f) exp(2 pi i f x)|^2, relative to the open frame
struct SocsKernels {
  double period_x_nm = 0, period_y_nm = 0;  ///< the orders of the kernels are multiples of 1/period
  int max_order_x = 0, max_order_y = 0;
  std::vector<double> eigenvalues;  ///< falling
  /// One kernel after another, each of shape (2 max_order_y + 1, 2 max_order_x + 1), m fastest
  std::vector<std::complex<double>> values;

  /// Diagonal TCC(f, f) minus that of the kernels, same shape as a kernel: the exact mean of every image
  /// depends on it. Empty = not known: no correction of the mean, no bound of the error.
  std::vector<double> left_out;
  /// Random combinations of the systems that the kernels leave out, same shape each: the error bound uses
  /// them
  std::vector<std::complex<double>> probes;
  /// Largest eigenvalue that is left out, if it is known
  std::optional<double> next_eigenvalue;

  [[nodiscard]] bool empty() const { return eigenvalues.empty(); }
  /// Coefficients of one kernel.
  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(2 * max_order_x + 1) * static_cast<std::size_t>(2 * max_order_y + 1);
  }
};

struct SocsParameters {
  int n_kernels = 24;          ///< >= 1; not used when requested_error > 0
  double requested_error = 0;  ///< > 0: as many kernels as needed to keep the error bound below it
  SocsKernels kernels;         ///< not empty: use these; the optics are theirs
};

struct ImagingParameters {
  double na = 0.33;                      ///< numerical aperture at the wafer, (0, medium_index)
  double focus_nm = 0;                   ///< observation plane displaced along the direction of propagation
  std::vector<ZernikeTerm> aberrations;  ///< waves
  double output_pitch_nm = 1;            ///< largest step of the output grid, > 0

  FieldModel field_model = FieldModel::vector;
  Obliquity obliquity = Obliquity::radiometric;
  double medium_index = 1;  ///< of the medium above the wafer, >= 1
  /// Reduction along x and y: used only in the obliquity factor and for the chief ray
  double magnification_x = 4, magnification_y = 4;
  Obscuration obscuration;
  double chief_ray_deg = 6;          ///< from the mask normal
  double chief_ray_azimuth_deg = 0;  ///< from the y-z plane at the mask, towards +x
  /// Displacement of the mask along its normal towards the optics (mask scale): shifts and defocuses the
  /// image
  double mask_height_nm = 0;

  /// Wavelength of the unit "waves" of aberrations and phase map: mirrors keep the path length, not the
  /// phase; 0 = the wavelength of each image
  double wavefront_wavelength_nm = 0;
  Field2D<double> phase_map;      ///< waves, on Plane::pupil over [-1, 1]; may be empty
  Field2D<double> amplitude_map;  ///< the same for the amplitude, >= 0
  std::vector<JonesTerm> jones;
  std::vector<ProjectionMirror> mirrors;

  /// Films on the wafer, the top one first; empty: the image is taken in the medium
  std::vector<optics::MaterialFilm> films;
  materials::Material substrate_material = "Si";        ///< below the films
  std::optional<std::complex<double>> substrate_index;  ///< overrides the material
  double depth_nm = 0;  ///< films: depth below the top of the first film at which the image is taken

  std::vector<FieldPosition> field_positions;     ///< empty: one position, without differences
  double vibration_x_nm = 0, vibration_y_nm = 0;  ///< standard deviation of the stage's motion, >= 0
  FlareParameters flare;

  Method method = Method::abbe;
  Precision precision = Precision::float64;  ///< of the sum over source points or kernels
  SocsParameters socs;
};

}  // namespace undulith::imaging
