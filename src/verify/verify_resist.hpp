// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <filesystem>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <numbers>
#include <optional>
#include <vector>

#include "undulith/math/fourier_series.hpp"
#include "undulith/resist/resist.hpp"
#include "verify/verify_cases.hpp"

/// What the cases of resist/ share: each file of cases compares the engine with one kind of number.
namespace undulith::verify {

using Json = nlohmann::json;
inline constexpr double kPi = std::numbers::pi;

/// Closed forms on both sides, differing in rounding.
inline constexpr double kClosedForm = 1e-9;
/// The bake is asked for 1e-5 in time; its reference solutions are good to 1e-7.
inline constexpr double kBake = 1e-4;
/// Widths of a level whose field is known to kBake.
inline constexpr double kBakedWidthNm = 0.01;
/// Second-order differences on some hundred nodes.
inline constexpr double kDifferences = 1e-3;
/// Of the error at half the step over that at the whole one: 1/2 and 1/4, and room for what is of higher
/// order.
inline constexpr double kFirstOrder = 0.6, kSecondOrder = 0.3;

[[nodiscard]] Json read_json(const std::filesystem::path& file);
[[nodiscard]] double relative(double found, double expected);

/// Largest error of many; not a number when one is not, and when nothing was compared: that is no agreement.
class Largest {
 public:
  void take(double error) {
    ++n_;
    if (std::isfinite(value_)) value_ = std::isfinite(error) ? std::max(value_, error) : error;
  }
  /// |found - expected|; a value that was not found counts as disagreement.
  void take(const std::optional<double>& found, double expected) {
    take(found ? std::abs(*found - expected) : std::numeric_limits<double>::quiet_NaN());
  }
  [[nodiscard]] bool any() const { return n_ > 0; }
  [[nodiscard]] double value() const { return n_ > 0 ? value_ : std::numeric_limits<double>::quiet_NaN(); }

 private:
  double value_ = 0;
  int n_ = 0;
};

/// Parameters as the reference files name them.
[[nodiscard]] resist::DevelopmentParameters mack_of(const Json& mack);
[[nodiscard]] resist::BakeParameters bake_of(const Json& parameters);
/// A bake in which nothing reacts.
[[nodiscard]] resist::BakeParameters still_bake(double time_s, double diffusivity_nm2_s);

/// A periodic line of nodes, the same through the film: node 0 at x = 0.
[[nodiscard]] resist::LatentImage line_of_acid(int n_nodes, double period_nm,
                                               const std::function<double(double x_nm)>& acid,
                                               double quencher = 0);
/// The nodes of one plane of such a film as the wave that they are.
[[nodiscard]] math::FourierSeries2D line_of(const Field3D<double>& field, int iz = 0);
/// Width about x = 0 in which the line lies below the level; absent when it has no border there.
[[nodiscard]] std::optional<double> width_below(const math::FourierSeries2D& line, double level);

/// Cells of a length of which about `least` are wanted, such that all places lie on their borders.
[[nodiscard]] int cells_through(double length_nm, const std::vector<double>& places_nm, int least);

using Results = std::vector<CheckResult>;
using Path = std::filesystem::path;

// verify_bake.cpp
[[nodiscard]] Results diffusion(const Path& file);
[[nodiscard]] Results annihilation(const Path& file);
[[nodiscard]] Results lateral_bake(const Path& file);
[[nodiscard]] Results bilayer(const Path& file);
[[nodiscard]] Results depth_bake(const Path& file);
[[nodiscard]] Results industrial_bake(const Path& file);
[[nodiscard]] Results deprotection_kinetics(const Path& file);
// verify_development.cpp
[[nodiscard]] Results development_rates(const Path& file);
[[nodiscard]] Results fronts(const Path& file);
[[nodiscard]] Results full_chain(const Path& file);
[[nodiscard]] Results contrast_curves(const Path& file);
// verify_stochastics.cpp
[[nodiscard]] Results photon_statistics(const Path& file);
[[nodiscard]] Results counting(const Path& file);
[[nodiscard]] Results measured_resist(const Path& file);
[[nodiscard]] Results philox_answers(const Path& file);
[[nodiscard]] Results spectra(const Path& file);
[[nodiscard]] Results edge_sets(const Path& file);
// verify_window.cpp
[[nodiscard]] Results two_beams(const Path& file);
[[nodiscard]] Results three_beams(const Path& file);
[[nodiscard]] Results contact_holes(const Path& file);
[[nodiscard]] Results lumped_widths(const Path& file);
[[nodiscard]] Results edge_interpolation(const Path& file);

}  // namespace undulith::verify
