// SPDX-License-Identifier: MIT
#include "undulith/mask/rigorous.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "mask/layer_operators.hpp"
#include "mask/plane_waves.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/math/gauss_legendre.hpp"

namespace undulith::mask {
namespace {

using Complex = std::complex<double>;
using optics::Polarisation;

// Matrices of 2N x 2N take 64 N^2 bytes each, and some ten of them live at once.
constexpr int kMostOrders = 5000;

// The mask seen with x and y exchanged: lines that change along y become lines that change along x.
MaskGeometry transposed(MaskGeometry geometry) {
  geometry.cell = {geometry.cell.y0, geometry.cell.x0, geometry.cell.y1, geometry.cell.x1};
  for (PatternedLayer& layer : geometry.layers)
    for (layout::Polygon& polygon : layer.polygons) {
      for (layout::Point& point : polygon) std::swap(point.x, point.y);
      std::ranges::reverse(polygon);  // so that outer rings stay counter-clockwise
    }
  return geometry;
}

// Y E = y_s E + (y_p - y_s) k (k E) / k^2: own and cross terms of each unknown of the class.
PairMatrix pair_matrix(const OrderSet& set, const UnknownClass& unknowns, const std::vector<Complex>& y_s,
                       const std::vector<Complex>& y_p) {
  const auto n = static_cast<Eigen::Index>(unknowns.size());
  PairMatrix matrix{.own = Vector(n), .other = Vector::Zero(n), .partner = {}};
  for (Eigen::Index i = 0; i < n; ++i) {
    const BasisFunction& f = unknowns[static_cast<std::size_t>(i)];
    const auto order = static_cast<std::size_t>(f.order);
    const TangentialVector d = set.directions[order];
    const double k2 = d.x * d.x + d.y * d.y, mine = f.component == 0 ? d.x : d.y;
    const Complex difference = k2 > 0 ? (y_p[order] - y_s[order]) / k2 : 0.0;
    matrix.own(i) = y_s[order] + difference * mine * mine;
    const auto partner = std::ranges::find_if(unknowns, [&f](const BasisFunction& other) {
      return other.order == f.order && other.component != f.component;
    });
    matrix.partner.push_back(partner == unknowns.end() ? i : partner - unknowns.begin());
    if (partner != unknowns.end()) matrix.other(i) = difference * d.x * d.y;
  }
  return matrix;
}

void check_truncation(const Truncation& truncation) {
  for (const int max_order : {truncation.max_order_x, truncation.max_order_y})
    if (max_order < 0 || max_order > kMostOrders / 2)
      throw InputError(fmt::format("rigorous mask: max_order = {} (must be in 0 .. {}); use a smaller cell",
                                   max_order, kMostOrders / 2));
}

// The mask as it is computed: one that changes along y alone is transposed, so that it changes along x.
struct Frame {
  MaskGeometry geometry;
  TangentialVector bloch;
  Truncation truncation;
  Variation variation;
  bool transposed;
};

Frame frame_of(const MaskGeometry& geometry, TangentialVector bloch, const Truncation& truncation) {
  Frame frame{geometry, bloch, truncation, variation_of(geometry), false};
  if (frame.variation != Variation::y) return frame;
  frame.geometry = transposed(geometry);
  std::swap(frame.bloch.x, frame.bloch.y);
  std::swap(frame.truncation.max_order_x, frame.truncation.max_order_y);
  frame.variation = Variation::x;
  frame.transposed = true;
  return frame;
}

// For each layer the first of the same materials and pattern: together they need one eigenproblem.
std::vector<std::size_t> first_equals(const std::vector<PatternedLayer>& layers) {
  std::vector<std::size_t> first;
  for (const PatternedLayer& layer : layers) {
    const auto equal = std::ranges::find_if(layers, [&layer](const PatternedLayer& other) {
      return other.index_inside == layer.index_inside && other.index_outside == layer.index_outside &&
             other.polygons == layer.polygons;
    });
    first.push_back(static_cast<std::size_t>(equal - layers.begin()));
  }
  return first;
}

}  // namespace

class RigorousSolver::Impl {
 public:
  Impl(const MaskGeometry& original, double wavelength_nm, TangentialVector bloch,
       const Truncation& truncation, Keep keep)
      : keep_(keep) {
    check_geometry(original, wavelength_nm);
    k_per_nm_ = 2 * constants::kPi / wavelength_nm;
    check_truncation(truncation);
    const Frame frame = frame_of(original, bloch, truncation);
    const MaskGeometry& geometry = frame.geometry;
    const bool lines = frame.variation != Variation::both;
    transposed_ = frame.transposed;
    set_ = keep_orders(frame.variation, frame.bloch,
                       {wavelength_nm / geometry.cell.width(), wavelength_nm / geometry.cell.height()},
                       frame.truncation);
    if (set_.size() > kMostOrders)
      throw InputError(
          fmt::format("rigorous mask: {} orders (at most {}: its matrices would not fit into memory); "
                      "lower max_order_x or max_order_y, or use a smaller cell",
                      set_.size(), kMostOrders));
    const std::vector<PatternCoefficients> patterns = take_patterns(geometry, lines);
    const std::vector<std::size_t> same_as = first_equals(geometry.layers);
    take_operators(geometry, patterns, same_as, lines);
    take_systems(geometry, same_as, wavelength_nm);
    if (keep == Keep::reflection) operators_.clear();
  }

  [[nodiscard]] Reflection reflect(Order incident, Polarisation polarisation) const {
    const std::size_t source = find(incident);
    const TangentialField e_in = field_of(source, polarisation);
    Tangential reflected = zero();
    for (std::size_t c = 0; c < classes_.size(); ++c)
      add(classes_[c], systems_[c].reflect(project(classes_[c], source, e_in)), reflected);
    Reflection result;
    for (std::size_t i = 0; i < set_.orders.size(); ++i) {
      // Back to the origin in the corner of the cell, for incident and reflected waves.
      const int dm = set_.orders[i].m - set_.orders[source].m, dn = set_.orders[i].n - set_.orders[source].n;
      const Complex phase = std::polar(1.0, -2 * constants::kPi * (dm * origin_x_ + dn * origin_y_));
      result.orders.push_back(wave(i, phase * reflected.x(static_cast<Eigen::Index>(i)),
                                   phase * reflected.y(static_cast<Eigen::Index>(i)), q0_[source].real()));
      result.reflectance += result.orders.back().efficiency;
    }
    return result;
  }

  [[nodiscard]] EnergyBalance energy_balance(Order incident, Polarisation polarisation) const;

  [[nodiscard]] int n_orders() const { return set_.size(); }
  [[nodiscard]] double eigen_residual() const { return eigen_residual_; }

 private:
  /// Tangential vectors of all orders, in the frame of the computation.
  struct Tangential {
    Vector x, y;
  };
  [[nodiscard]] Tangential zero() const { return {Vector::Zero(set_.size()), Vector::Zero(set_.size())}; }

  [[nodiscard]] std::size_t find(Order order) const {
    const Order own = transposed_ ? Order{order.n, order.m} : order;
    const auto found = std::ranges::find(set_.orders, own);
    if (found == set_.orders.end())
      throw InputError(fmt::format("incident order ({}, {}) was not kept; raise max_order_x or max_order_y",
                                   order.m, order.n));
    const auto index = static_cast<std::size_t>(found - set_.orders.begin());
    const TangentialVector d = set_.directions[index];
    if (std::hypot(d.x, d.y) >= 1)
      throw InputError(fmt::format(
          "incident order ({}, {}) is evanescent (light cannot come in along it); use a lower order", order.m,
          order.n));
    return index;
  }

  [[nodiscard]] TangentialField field_of(std::size_t source, Polarisation polarisation) const {
    TangentialVector d = set_.directions[source];
    if (transposed_) std::swap(d.x, d.y);
    TangentialField e = incident_field(d, polarisation);
    if (transposed_) std::swap(e.x, e.y);
    return e;
  }

  static Vector project(const UnknownClass& unknowns, std::size_t source, TangentialField e_in) {
    Vector incident = Vector::Zero(static_cast<Eigen::Index>(unknowns.size()));
    for (std::size_t j = 0; j < unknowns.size(); ++j)
      for (const auto& term : unknowns[j].terms)
        if (term.order == static_cast<int>(source))
          incident(static_cast<Eigen::Index>(j)) +=
              term.weight * (unknowns[j].component == 0 ? e_in.x : e_in.y);
    return incident;
  }

  static void add(const UnknownClass& unknowns, const Vector& amplitudes, Tangential& sum) {
    for (std::size_t j = 0; j < unknowns.size(); ++j)
      for (const auto& term : unknowns[j].terms)
        (unknowns[j].component == 0 ? sum.x : sum.y)(term.order) +=
            term.weight * amplitudes(static_cast<Eigen::Index>(j));
  }

  [[nodiscard]] ReflectedOrder wave(std::size_t i, Complex ex, Complex ey, double cosine_in) const {
    TangentialVector d = set_.directions[i];
    Order order = set_.orders[i];
    if (transposed_) {
      std::swap(d.x, d.y);
      std::swap(ex, ey);
      std::swap(order.m, order.n);
    }
    return reflected_order(order, d, q0_[i], ex, ey, cosine_in);
  }

  /// Patterns of the layers about the origin of the computation, and the unknowns of each symmetry class.
  [[nodiscard]] std::vector<PatternCoefficients> take_patterns(const MaskGeometry& geometry, bool lines) {
    const double period_x = geometry.cell.width(), period_y = geometry.cell.height();
    const auto [left, right] = std::ranges::minmax(set_.orders, {}, &Order::m);
    const auto [low, high] = std::ranges::minmax(set_.orders, {}, &Order::n);
    std::vector<PatternCoefficients> patterns;
    for (const PatternedLayer& layer : geometry.layers)
      patterns.emplace_back(layer.polygons, geometry.cell, right.m - left.m, high.n - low.n);
    const MirrorLines mirror_lines = find_mirror_lines(patterns, period_x, period_y);
    origin_x_ = mirror_lines.x.value_or(0) / period_x;
    origin_y_ = mirror_lines.y.value_or(0) / period_y;
    for (PatternCoefficients& pattern : patterns) pattern = pattern.moved_origin(origin_x_, origin_y_);
    classes_ = split_unknowns(set_, mirror_lines, lines && set_.directions.front().y == 0);
    return patterns;
  }

  void take_operators(const MaskGeometry& geometry, const std::vector<PatternCoefficients>& patterns,
                      const std::vector<std::size_t>& same_as, bool lines) {
    for (std::size_t l = 0; l < geometry.layers.size(); ++l) {
      const PatternedLayer& layer = geometry.layers[l];
      thickness_nm_.push_back(layer.thickness_nm);
      if (same_as[l] < l) {
        operators_.push_back(operators_[same_as[l]]);
        continue;
      }
      const LayerMaterial material{layer.index_outside * layer.index_outside,
                                   layer.index_inside * layer.index_inside,
                                   &patterns[l],
                                   &layer.polygons,
                                   geometry.cell,
                                   origin_x_,
                                   origin_y_};
      operators_.push_back(std::make_shared<LayerOperators>(layer_operators(material, set_, lines)));
    }
  }

  /// Modes of the layers between vacuum and the flat films, for each class of unknowns.
  void take_systems(const MaskGeometry& geometry, const std::vector<std::size_t>& same_as,
                    double wavelength_nm) {
    const optics::FlatStack films(geometry.films, geometry.substrate, wavelength_nm);
    std::vector<Complex> vacuum_s, vacuum_p, films_s, films_p;
    for (const TangentialVector& d : set_.directions) {
      const double sine = std::hypot(d.x, d.y);
      q0_.push_back(normal_component((1 - sine) * (1 + sine)));
      vacuum_s.push_back(q0_.back());
      vacuum_p.push_back(1.0 / q0_.back());
      films_s.push_back(films.admittance(sine, Polarisation::s));
      films_p.push_back(films.admittance(sine, Polarisation::p));
    }
    for (const UnknownClass& unknowns : classes_) {
      std::vector<ModalSystem::Layer> layers;
      for (std::size_t l = 0; l < geometry.layers.size(); ++l) {
        const auto modes = same_as[l] < l ? layers[same_as[l]].modes
                                          : std::make_shared<const LayerModes>(
                                                layer_modes(*operators_[l], set_, unknowns, eigen_residual_));
        layers.push_back({modes, k_per_nm_ * geometry.layers[l].thickness_nm});
      }
      systems_.emplace_back(std::move(layers), pair_matrix(set_, unknowns, vacuum_s, vacuum_p),
                            pair_matrix(set_, unknowns, films_s, films_p), keep_ == Keep::fields);
    }
  }

  Keep keep_;
  double k_per_nm_ = 0;
  bool transposed_ = false;
  OrderSet set_;
  double origin_x_ = 0, origin_y_ = 0;  ///< of the computation, in shares of the period
  std::vector<Complex> q0_;             ///< of each order in vacuum
  std::vector<UnknownClass> classes_;
  std::vector<ModalSystem> systems_;  ///< of each class
  std::vector<std::shared_ptr<const LayerOperators>> operators_;
  std::vector<double> thickness_nm_;
  double eigen_residual_ = 0;
};

EnergyBalance RigorousSolver::Impl::energy_balance(Order incident, Polarisation polarisation) const {
  if (keep_ != Keep::fields)
    throw InputError(
        "the fields in the layers were not kept (Keep::reflection); construct with Keep::fields");
  const math::GaussLegendre rule(8);
  const std::size_t source = find(incident);
  const TangentialField e_in = field_of(source, polarisation);
  const double power = q0_[source].real();
  EnergyBalance balance{.reflected = reflect(incident, polarisation).reflectance,
                        .absorbed = std::vector<double>(operators_.size())};
  std::vector<std::vector<Vector>> amplitudes;
  for (std::size_t c = 0; c < classes_.size(); ++c) {
    amplitudes.push_back(systems_[c].amplitudes(project(classes_[c], source, e_in)));
    const Vector& e = amplitudes.back().back();
    balance.into_films += e.dot((systems_[c].mirror() * Matrix(e)).col(0)).real() / power;
  }
  Vector kx(set_.size()), ky(set_.size());
  for (Eigen::Index i = 0; i < kx.size(); ++i) {
    kx(i) = set_.directions[static_cast<std::size_t>(i)].x;
    ky(i) = set_.directions[static_cast<std::size_t>(i)].y;
  }
  const double steepest = std::max(1.5, std::max(kx.cwiseAbs().maxCoeff(), ky.cwiseAbs().maxCoeff()));
  for (std::size_t l = 0; l < operators_.size(); ++l) {
    const double phase = k_per_nm_ * thickness_nm_[l];
    // The integrand decays or oscillates with at most k |q| per nm: panels of one such length.
    const int n_panels = std::max(1, static_cast<int>(std::ceil(phase * steepest)));
    const auto density = [&](double depth) {
      Tangential e = zero(), j = zero();
      for (std::size_t c = 0; c < classes_.size(); ++c) {
        const ModalSystem::Fields fields = systems_[c].fields(l, amplitudes[c][l], depth);
        add(classes_[c], fields.e, e);
        add(classes_[c], fields.j, j);
      }
      const Vector dz = -(kx.cwiseProduct(j.x) + ky.cwiseProduct(j.y));
      return loss(*operators_[l], e.x, e.y, dz);
    };
    for (int panel = 0; panel < n_panels; ++panel)
      for (std::size_t i = 0; i < rule.node.size(); ++i)
        balance.absorbed[l] +=
            rule.weight[i] / n_panels * phase / power * density((panel + rule.node[i]) / n_panels);
  }
  return balance;
}

RigorousSolver::RigorousSolver(const MaskGeometry& geometry, double wavelength_nm, TangentialVector bloch,
                               const Truncation& truncation, Keep keep)
    : impl_(std::make_unique<const Impl>(geometry, wavelength_nm, bloch, truncation, keep)) {}
RigorousSolver::~RigorousSolver() = default;
RigorousSolver::RigorousSolver(RigorousSolver&&) noexcept = default;
RigorousSolver& RigorousSolver::operator=(RigorousSolver&&) noexcept = default;

Reflection RigorousSolver::reflect(Order incident, Polarisation polarisation) const {
  return impl_->reflect(incident, polarisation);
}
EnergyBalance RigorousSolver::energy_balance(Order incident, Polarisation polarisation) const {
  return impl_->energy_balance(incident, polarisation);
}
int RigorousSolver::n_orders() const {
  return impl_->n_orders();
}
double RigorousSolver::eigen_residual() const {
  return impl_->eigen_residual();
}

}  // namespace undulith::mask
