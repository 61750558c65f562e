// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <sstream>

#include "undulith/resist/bake.hpp"
#include "undulith/resist/counting.hpp"
#include "undulith/resist/development.hpp"
#include "undulith/resist/exposure.hpp"
#include "verify/verify_resist.hpp"

/// Rates of development, the front, the developed film.
namespace undulith::verify {
namespace {

// R'' at m over the largest that R'' is, by differences of fourth order.
double bend_of_rate(const resist::DevelopmentParameters& p, double m) {
  const double h = 0.01 / p.n;
  const auto rate = [&](double at) { return resist::development_rate_nm_s(p, at); };
  const double bend =
      (-rate(m + 2 * h) + 16 * rate(m + h) - 30 * rate(m) + 16 * rate(m - h) - rate(m - 2 * h)) /
      (12 * h * h);
  return std::abs(bend) / (p.r_max_nm_s * p.n * p.n);
}

}  // namespace

Results development_rates(const Path& file) {
  constexpr double kRates = 1e-12;
  constexpr double kInflection = 1e-6;  // (n h)^4 = 1e-8 of differences
  Largest mack, inflection, enhanced, notch;
  const Json json = read_json(file);
  for (const Json& row : json.at("mack")) {
    const resist::DevelopmentParameters p = mack_of(row);
    mack.take(relative(resist::development_rate_nm_s(p, row.at("m")), row.at("R_nm_per_s")));
    if (p.n > 1) inflection.take(bend_of_rate(p, p.m_threshold));
  }
  for (const Json& row : json.at("enhanced"))
    enhanced.take(relative(resist::development_rate_nm_s({.model = resist::DevelopmentModel::enhanced_mack,
                                                          .r_max_nm_s = row.at("Rmax"),
                                                          .r_min_nm_s = row.at("Rmin"),
                                                          .n = row.at("n"),
                                                          .r_resin_nm_s = row.at("Rresin"),
                                                          .n_inhibition = row.at("l")},
                                                         row.at("m")),
                           row.at("R_nm_per_s")));
  for (const Json& row : json.at("notch"))
    notch.take(relative(resist::development_rate_nm_s({.model = resist::DevelopmentModel::notch,
                                                       .r_max_nm_s = row.at("Rmax"),
                                                       .r_min_nm_s = row.at("Rmin"),
                                                       .m_threshold = row.at("mth_notch"),
                                                       .n = row.at("n"),
                                                       .n_notch = row.at("n_notch")},
                                                      row.at("m")),
                        row.at("R_nm_per_s")));
  return {
      compared("Mack rates", mack.value(), kRates),
      compared("Mack: curvature at the threshold, relative to the largest", inflection.value(), kInflection),
      compared("enhanced Mack rates", enhanced.value(), kRates),
      compared("notch rates", notch.value(), kRates)};
}

namespace {

// From which nodes a front starts: the source alone, or all within a distance at their exact times.
enum class Start { node, ball };

struct Place {
  double x = 0, z = 0;
};

double distance(const Place& a, const Place& b) {
  return std::hypot(a.x - b.x, a.z - b.z);
}

// Steps along one axis from the source to the receiver and as far beyond both as the box reaches.
struct Axis {
  double step = 1;
  int n = 1, source = 0, receiver = 0;
};
Axis axis_of(double source, double receiver, double low, double high, double step_nm) {
  Axis axis;
  const double apart = receiver - source;
  const int cells = static_cast<int>(std::lround(std::abs(apart) / step_nm));
  axis.step = cells > 0 ? std::abs(apart) / cells : step_nm;
  axis.source = static_cast<int>(std::ceil((source - low) / axis.step - 1e-9));
  axis.receiver = axis.source + (apart > 0 ? cells : -cells);
  axis.n = axis.source + static_cast<int>(std::ceil((high - source) / axis.step - 1e-9)) + 1;
  return axis;
}

// A medium whose rate rises evenly: times are known between any two places.
struct LinearGradient {
  double r0 = 1, gx = 0, gz = 0;
  [[nodiscard]] double rate(const Place& p) const { return r0 + gx * p.x + gz * p.z; }
  [[nodiscard]] double time_s(const Place& a, const Place& b) const {
    const double g = std::hypot(gx, gz), d = distance(a, b);
    if (g == 0) return d / r0;
    return std::acosh(1 + g * g * d * d / (2 * rate(a) * rate(b))) / g;
  }
  /// Box that holds the path from a to b, an arc of a circle around a point of rate 0.
  void widen(const Place& a, const Place& b, Place& low, Place& high) const {
    const auto take = [&](const Place& p) {
      low = {std::min(low.x, p.x), std::min(low.z, p.z)};
      high = {std::max(high.x, p.x), std::max(high.z, p.z)};
    };
    take(a), take(b);
    // The centre has the same distance from a and b, and is on the line of rate 0.
    const double dx = b.x - a.x, dz = b.z - a.z, across = dx * gz - dz * gx;
    if (std::abs(across) < 1e-12 * std::hypot(gx, gz) * std::hypot(dx, dz)) return;  // straight
    const Place middle{(a.x + b.x) / 2, (a.z + b.z) / 2};
    // middle + t (-dz, dx) with rate 0.
    const double t = -rate(middle) / (gz * dx - gx * dz);
    const Place centre{middle.x - t * dz, middle.z + t * dx};
    const double from = std::atan2(a.z - centre.z, a.x - centre.x);
    const double turn = std::remainder(std::atan2(b.z - centre.z, b.x - centre.x) - from, 2 * kPi),
                 radius = distance(centre, a);
    constexpr int kPieces = 64;
    for (int i = 1; i < kPieces; ++i) {
      const double angle = from + turn * i / kPieces;
      take({centre.x + radius * std::cos(angle), centre.z + radius * std::sin(angle)});
    }
  }
};

// The front's time at the receiver of a row, in a film that holds the whole path.
double gradient_error(const Json& row, double step_nm, Start start) {
  const LinearGradient medium{row.at("R0_nm_per_s"), row.at("gx_per_s"), row.at("gz_per_s")};
  const Place source{row.at("source_nm")[0], row.at("source_nm")[1]},
      receiver{row.at("point_nm")[0], row.at("point_nm")[1]};
  Place low = source, high = source;
  medium.widen(source, receiver, low, high);
  constexpr double kMarginNm = 2;  // beyond the path, where the medium dissolves
  const Axis x = axis_of(source.x, receiver.x, low.x - kMarginNm, high.x + kMarginNm, step_nm),
             z = axis_of(source.z, receiver.z, low.z - kMarginNm, high.z + kMarginNm, step_nm);
  const Grid3D grid{
      .nx = x.n, .ny = 1, .nz = z.n, .x0 = source.x - x.source * x.step, .dx = x.step, .dz = z.step};
  const double top = source.z - z.source * z.step;
  Field3D<double> rate(grid);
  resist::FrontParameters front{.periodic = false};
  constexpr double kBallNm = 4;
  constexpr double kSlowest = 1e-3;  // nm/s, at the margin
  for (int iz = 0; iz < grid.nz; ++iz)
    for (int ix = 0; ix < grid.nx; ++ix) {
      const Place here{grid.x(ix), top + grid.z(iz)};
      rate(iz, 0, ix) = std::max(kSlowest, medium.rate(here));
      const bool at_source = ix == x.source && iz == z.source;
      if (at_source || (start == Start::ball && distance(here, source) <= kBallNm))
        front.seeds.push_back({ix, 0, iz, at_source ? 0 : medium.time_s(source, here)});
    }
  const auto times = resist::front_arrival(rate, front).arrival_time_s;
  return relative(times(z.receiver, 0, x.receiver), row.at("T_s"));
}

// Two layers, the source on top of the upper one. The interface lies midway between nodes.
double layers_error(const Json& row, double step_nm) {
  const double r1 = row.at("R1"), r2 = row.at("R2"), interface = row.at("interface_z_nm"),
               rx = std::abs(row.at("receiver")[0].get<double>()), rz = row.at("receiver")[1];
  const int above = std::max(1, static_cast<int>(std::lround(interface / step_nm)));
  const double dz = interface / (above - 0.5);
  // A margin beyond the receiver and below the interface along which the head wave travels.
  constexpr double kMarginNm = 4;
  const Axis x = axis_of(0, rx, -kMarginNm, rx + kMarginNm, step_nm);
  const int nz = static_cast<int>(std::ceil((std::max(interface, rz) + kMarginNm) / dz)) + 1;
  const Grid3D grid{.nx = x.n, .ny = 1, .nz = nz, .x0 = -x.source * x.step, .dx = x.step, .dz = dz};
  Field3D<double> rate(grid);
  resist::FrontParameters front{.periodic = false};
  for (int iz = 0; iz < nz; ++iz)
    for (int ix = 0; ix < grid.nx; ++ix) rate(iz, 0, ix) = iz < above ? r1 : r2;
  front.seeds.push_back({x.source, 0, 0, 0});
  const auto times = resist::front_arrival(rate, front).arrival_time_s;
  const double place = rz / dz;
  const int below = std::min(static_cast<int>(place), nz - 2);
  return relative(std::lerp(times(below, 0, x.receiver), times(below + 1, 0, x.receiver), place - below),
                  row.at("T_s"));
}

// Straight down from a plane.
double depth_error(const Json& row, double step_nm) {
  const double z = row.at("z_nm"), r0 = row.at("R0");
  const int cells = std::max(4, static_cast<int>(std::lround(z / step_nm)));
  const Grid3D grid{.nx = 1, .ny = 1, .nz = cells + 1, .dz = z / cells};
  Field3D<double> rate(grid);
  for (int iz = 0; iz < grid.nz; ++iz)
    rate(iz, 0, 0) = row.contains("beta_per_nm") ? r0 * (1 + row.at("beta_per_nm").get<double>() * grid.z(iz))
                                                 : r0 * std::exp(-row.at("alpha_per_nm").get<double>() *
                                                                 row.at("gamma").get<double>() * grid.z(iz));
  return relative(resist::front_arrival(rate).arrival_time_s(cells, 0, 0), row.at("T_s"));
}

// Largest error at three steps, each half the one before.
struct Halving {
  std::array<Largest, 3> error;
  void take(double step_nm, const std::function<double(double)>& error_of) {
    for (std::size_t i = 0; i < error.size(); ++i) error[i].take(error_of(step_nm / std::pow(2, i)));
  }
  [[nodiscard]] double finest() const { return error.back().value(); }
  [[nodiscard]] double ratio() const { return error[2].value() / error[1].value(); }
};

}  // namespace

Results fronts(const Path& file) {
  const Json json = read_json(file);
  Halving point, ball, layers, plane;
  for (const Json& row : json.at("linear_gradient")) {
    point.take(0.5, [&](double h) { return gradient_error(row, h, Start::node); });
    ball.take(0.5, [&](double h) { return gradient_error(row, h, Start::ball); });
  }
  for (const Json& row : json.at("two_layer")) layers.take(1, [&](double h) { return layers_error(row, h); });
  for (const Json& row : json.at("depth_only"))
    plane.take(0.2, [&](double h) { return depth_error(row, h); });
  const char* const order = "first order: 0.5";
  const char* const second = "second order: 0.25";
  return {
      compared("gradient, from a point: ratio of errors at half step and full step", point.ratio(),
               kFirstOrder, order),
      compared("gradient, from exact times near the source: ratio of errors at half step and full step",
               ball.ratio(), kSecondOrder, second),
      compared("gradient, from exact times near the source, relative", ball.finest(), kDifferences),
      compared("two layers: ratio of errors at half step and full step", layers.ratio(), kFirstOrder, order),
      compared("from a plane: ratio of errors at half step and full step", plane.ratio(), kSecondOrder,
               second),
      compared("from a plane, relative", plane.finest(), kDifferences)};
}

namespace {

// Width about x = 0 that is cleared at a plane of nodes.
double cleared_width_nm(const Field3D<double>& level, int iz) {
  const Grid3D& g = level.grid();
  const auto at = [&](int ix) { return level(iz, 0, (ix % g.nx + g.nx) % g.nx); };
  for (int ix = 0; ix < g.nx / 2; ++ix) {
    if (!(at(ix) <= 0 && at(ix + 1) > 0)) continue;
    double low = 0, high = 1;
    for (int i = 0; i < 50; ++i) {
      const double t = (low + high) / 2;
      const double value = -at(ix - 1) * t * (t - 1) * (t - 2) / 6 +
                           at(ix) * (t + 1) * (t - 1) * (t - 2) / 2 - at(ix + 1) * (t + 1) * t * (t - 2) / 2 +
                           at(ix + 2) * (t + 1) * t * (t - 1) / 6;
      (value <= 0 ? low : high) = t;
    }
    return 2 * g.dx * (ix + low);
  }
  return 0;
}

// The chain of a case on nodes of about `step_nm`, every reference point a node.
resist::ResistResult develop_case(const Json& p, const Json& x_nm, const Json& z_nm, double step_nm) {
  const double pitch = p.at("pitch_nm"), thickness = p.at("thickness_nm"), sigma = p.at("blur_sigma_nm");
  std::vector<double> columns = x_nm, depths = z_nm;
  columns.push_back(pitch / 2);
  for (const Json& depth : p.at("cd_depths_nm")) depths.push_back(depth);
  const int nx = cells_through(pitch, columns, 2 * static_cast<int>(std::ceil(pitch / step_nm / 2))),
            cells = cells_through(thickness, depths, static_cast<int>(std::ceil(thickness / step_nm)));
  const Grid3D grid{.nx = nx, .ny = 1, .nz = cells + 1, .dx = pitch / nx, .dz = thickness / cells};
  Field3D<double> dose(grid);
  for (int iz = 0; iz <= cells; ++iz)
    for (int ix = 0; ix < nx; ++ix) {
      double image = 0;
      for (std::size_t n = 0; n < p.at("image_harmonics").size(); ++n) {
        const double order = static_cast<double>(n);
        image += p.at("image_harmonics")[n].get<double>() *
                 resist::blur_transfer({.sigma_nm = sigma, .direction = resist::BlurDirection::lateral},
                                       2 * kPi * order / pitch) *
                 std::cos(2 * kPi * order * ix / nx);
      }
      dose(iz, 0, ix) = p.at("dose_mJcm2").get<double>() * image *
                        std::exp(-p.at("alpha_per_nm").get<double>() * grid.z(iz));
    }
  resist::ResistParameters resist{.model = resist::ResistModel::chemically_amplified};
  resist.exposure.dill_c_cm2_mj = p.at("C_cm2_per_mJ");
  resist.bake = bake_of(p);
  resist.bake.quencher = p.at("q0");
  resist.development = mack_of(p.at("mack"));
  resist.development.time_s = p.at("t_develop_s");
  return resist::develop_latent({}, resist::latent_image(std::move(dose), resist), resist);
}

// A field of a film at any place along x of a plane of nodes, by the cubic through four nodes.
double across(const Field3D<double>& field, double x_nm, double z_nm) {
  const Grid3D& g = field.grid();
  const int iz = static_cast<int>(std::lround(z_nm / g.dz)), i = static_cast<int>(std::floor(x_nm / g.dx));
  const double t = x_nm / g.dx - i;
  const auto at = [&](int k) { return field(iz, 0, ((i + k) % g.nx + g.nx) % g.nx); };
  return -at(-1) * t * (t - 1) * (t - 2) / 6 + at(0) * (t + 1) * (t - 1) * (t - 2) / 2 -
         at(1) * (t + 1) * t * (t - 2) / 2 + at(2) * (t + 1) * t * (t - 1) / 6;
}

}  // namespace

Results full_chain(const Path& file) {
  // Second-order front on nodes of 0.15 nm (the engine halves those of the bake), against one extrapolated to
  // none.
  constexpr double kStepNm = 0.3, kWidthNm = 0.05;
  // kWidthNm on either wall, over the 30 nm between the depths at which an angle is taken.
  constexpr double kAngleDeg = 0.1;
  const Json json = read_json(file);
  Largest inhibitor, rate, width, angle, loss, arrival;
  for (const Json& one : json.at("cases")) {
    const Json &p = one.at("params"), &expected = one.at("result");
    const double thickness = p.at("thickness_nm");
    const resist::ResistResult result = develop_case(p, one.at("x_nm"), one.at("z_nm"), kStepNm);
    const Field3D<double>& times = result.profile.arrival_time_s;
    for (std::size_t i = 0; i < one.at("x_nm").size(); ++i)
      for (std::size_t k = 0; k < one.at("z_nm").size(); ++k) {
        const double x = one.at("x_nm")[i], z = one.at("z_nm")[k];
        inhibitor.take(across(result.baked.inhibitor, x, z), one.at("m_after_peb_xz")[i][k]);
        rate.take(std::abs(across(result.rate_nm_s, x, z) - one.at("R_xz")[i][k].get<double>()) /
                  p.at("mack").at("Rmax").get<double>());
      }
    const Field3D<double> level = resist::resist_level(result.profile);
    std::vector<double> depths, widths;
    for (const Json& depth : p.at("cd_depths_nm")) {
      std::ostringstream key;
      key << "cleared_width_at_z" << depth.get<double>();
      const Json& reference = expected.at(key.str()).at("richardson_order2");
      if (reference.is_null()) continue;
      depths.push_back(depth);
      widths.push_back(
          cleared_width_nm(level, static_cast<int>(std::lround(depth.get<double>() / level.grid().dz))));
      width.take(widths.back(), reference);
    }
    if (!expected.at("sidewall_angle_deg").is_null() && depths.size() >= 2)
      angle.take(std::atan2(depths.back() - depths.front(), (widths.front() - widths.back()) / 2) * 180 / kPi,
                 expected.at("sidewall_angle_deg"));
    loss.take(thickness - resist::resist_height(result.profile)(0, level.grid().nx / 2),
              expected.at("top_loss_line_centre").at("richardson_order2"));
    // Position error of the front: time error times speed.
    const auto take = [&](double x, double z, double time_s) {
      const double found = across(times, x, z), speed = across(result.rate_nm_s, x, z);
      arrival.take(std::abs(found - time_s) * speed);
    };
    take(0, thickness, expected.at("arrival_space_centre_bottom_s").at("richardson_order2"));
    const Json& points = expected.at("arrival_points_s").at("richardson_order2");
    for (std::size_t k = 0; k < points.size(); ++k)
      take(p.at("arrival_xz_nm")[k][0], p.at("arrival_xz_nm")[k][1], points[k]);
  }
  return {compared("protected share after the bake", inhibitor.value(), kBake),
          compared("rates, relative to the largest", rate.value(), kDifferences),
          compared("cleared widths, nm", width.value(), kWidthNm, "fast marching, extrapolated"),
          compared("side-wall angle, deg", angle.value(), kAngleDeg),
          compared("loss at the line's centre, nm", loss.value(), kWidthNm),
          compared("front at given points: time error times speed, nm", arrival.value(), kWidthNm)};
}

Results contrast_curves(const Path& file) {
  Largest clear, left, time;
  const Json json = read_json(file);
  for (const Json& one : json.at("cases")) {
    const Json& p = one.at("params");
    resist::ResistParameters resist{.model = resist::ResistModel::chemically_amplified};
    resist.film.thickness_nm = p.at("thickness_nm");
    resist.film.dill_b_per_um = 1000 * p.at("B_per_nm").get<double>();
    resist.exposure.dill_c_cm2_mj = p.at("C");
    resist.blur.direction = resist::BlurDirection::lateral;
    resist.bake = {.time_s = 1,
                   .quencher = 0,
                   .acid_diffusivity_nm2_s = 0,
                   .quencher_diffusivity_nm2_s = 0,
                   .k_amp_per_s = p.at("k_amp_times_t_bake")};
    resist.development = mack_of(p.at("mack"));
    resist.development.time_s = p.at("t_develop_s");
    std::vector<double> doses;
    for (const Json& point : one.at("curve")) doses.push_back(point.at("dose_mJcm2"));
    const resist::ContrastCurve curve = resist::contrast_curve(resist, doses);
    clear.take(relative(curve.dose_to_clear_mj_cm2.value_or(0), one.at("dose_to_clear")));
    for (std::size_t i = 0; i < doses.size(); ++i) {
      const Json& point = one.at("curve")[i];
      time.take(relative(curve.points[i].time_to_clear_s, point.at("time_to_clear_s")));
      left.take(std::abs(curve.points[i].remaining_nm - point.at("remaining_nm").get<double>()) /
                resist.film.thickness_nm);
    }
  }
  constexpr double kQuadrature = 1e-6;
  return {compared("dose to clear", clear.value(), kQuadrature),
          compared("time to clear, relative", time.value(), kQuadrature),
          compared("remaining thickness, relative to the film", left.value(), kQuadrature)};
}

}  // namespace undulith::verify
