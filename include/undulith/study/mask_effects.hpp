// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "undulith/core/progress.hpp"
#include "undulith/study/mask_lines.hpp"

/// 3-D mask effects: the numbers of undulith mask.
namespace undulith::study {

/// Light of one polarisation in one order.
struct OrderLight {
  double efficiency = 0;        ///< power in the order, per unit incident power
  double cross_efficiency = 0;  ///< the same in the other polarisation
  double phase_deg = 0;         ///< less that of the open frame, at the middle of the cell
};

/// One order of a mask that is illuminated from one direction; x and y are the axes of the pupil.
struct OrderRow {
  std::string mask;  ///< "vertical", "horizontal" or "job"
  double sigma_x = 0, sigma_y = 0;
  int m = 0, n = 0;
  OrderLight x, y, thin;  ///< thin: either polarisation
};

/// A feature through focus.
struct LineSeries {
  LineFeature feature;
  mask::Model model = mask::Model::thin;
  std::optional<double> threshold;  ///< prints it to size at the focus of the job
  /// With the threshold that prints the densest vertical feature of this model to size; the plane of the
  /// job's focus is in the middle
  std::vector<LinePlane> planes;
  std::vector<LinePlane> sized;  ///< with its own threshold; empty without one

  std::optional<double> shift_nm;                  ///< at the job's focus, sized
  std::optional<double> telecentricity_nm_per_um;  ///< slope of the shift with focus, sized
  std::optional<double> best_focus_nils_nm;        ///< of the largest NILS, sized
};

/// Images of the two halves of the source, compared with the image of the whole source.
struct PoleImages {
  Orientation orientation = Orientation::vertical;
  mask::Model model = mask::Model::thin;
  double focus_nm = 0;
  double separation_nm = 0;  ///< of the pole at positive sigma from the other one
  double contrast = 0, contrast_of_poles = 0, nils = 0, nils_of_poles = 0;  ///< of_poles: mean of each alone
};

struct SwingPoint {
  double thickness_nm = 0, absorber_reflectance = 0, absorber_phase_deg = 0;
  /// Vertical, horizontal: CD at the threshold of the job's thickness, all else printed to size
  std::array<LinePlane, 2> line;
};

struct GaugeEffect {
  std::string name;
  std::optional<double> target_cd_nm, thin_cd_nm, thick_cd_nm, thin_shift_nm, thick_shift_nm;
};

struct MaskEffects {
  double cd_nm = 0, pitch_nm = 0, wavelength_nm = 0, focus_nm = 0;
  double open_reflectance = 0, absorber_reflectance = 0, absorber_phase_deg = 0;
  double reference_depth_nm = 0;      ///< of the lines
  std::optional<Orientation> turned;  ///< with the lines of this orientation the light is turned
  mask::Model job_model = mask::Model::multislice;  ///< of gauges and orders of the job's mask
  std::vector<OrderRow> orders;
  std::vector<LineSeries> series;  ///< by pitch, then vertical and horizontal, then thin and rigorous
  std::vector<PoleImages> poles;
  std::vector<SwingPoint> swing;  ///< empty without an absorber
  std::vector<GaugeEffect> gauges;
  std::vector<std::string> warnings;

  [[nodiscard]] const LineSeries& at(std::size_t pitch, Orientation orientation, mask::Model model) const;
  [[nodiscard]] std::size_t n_pitches() const { return series.size() / 4; }
};

struct MaskEffectsOptions {
  std::optional<double> cd_nm;     ///< absent: the smallest target of the job's gauges
  std::optional<double> pitch_nm;  ///< densest; absent: twice the CD
  Progress progress;
};

/// @throws InputError  amplitudes that are given; no gauge with a target and no CD; lines that do not print
[[nodiscard]] MaskEffects compute_mask_effects(const job::Job& job, const MaskEffectsOptions& options);

/// Time of compute_mask_effects() on one processor, about; absent if the width of the lines follows from drawn
/// shapes, which are measured only with the image.
/// @throws InputError  as compute_mask_effects(), where it can be known before
[[nodiscard]] std::optional<double> mask_effects_cost_s(const flow::Prepared& prepared,
                                                        const MaskEffectsOptions& options);

/// CD at the job's focus and the threshold that all share.
[[nodiscard]] std::optional<double> cd_in_focus_nm(const LineSeries& series);
/// H-V bias of one pitch, at the job's focus and one threshold.
[[nodiscard]] std::optional<double> hv_bias_nm(const MaskEffects& effects, std::size_t pitch,
                                               mask::Model model);

}  // namespace undulith::study
