// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <memory>
#include <vector>

#include "undulith/core/grid.hpp"
#include "undulith/layout/clip.hpp"
#include "undulith/optics/multilayer.hpp"

/// Rigorous diffraction of a thick mask: Fourier modal method in the absorber, exact recursion in the mirror.
///
/// All lengths here are nm at mask scale. z points into the mask; the phases of incident and reflected waves
/// refer to the top of the first layer and to the lower-left corner of the cell; time factor exp(-i w t).
namespace undulith::mask {

/// A layer of two materials that does not change with depth.
struct PatternedLayer {
  double thickness_nm = 0;             ///< >= 0
  std::complex<double> index_outside;  ///< n + ik outside of the polygons
  std::complex<double> index_inside;   ///< within them
  std::vector<layout::Polygon>
      polygons{};  ///< within the cell; outer rings counter-clockwise, holes clockwise
};

/// One cell of a mask that repeats in x and y.
///
/// If no layer changes along y (or along x), the cell is treated as one-dimensional: polygons that reach from
/// border to border of the cell, of any height.
struct MaskGeometry {
  Box cell;                            ///< one period in x and y
  std::vector<PatternedLayer> layers;  ///< top first; vacuum above
  std::vector<optics::Film> films;     ///< flat films below the layers, top first
  optics::Film substrate;
};

/// Side walls that are not vertical, as slices of equal thickness whose edges lie where the wall is at half
/// their height.
///
/// @param layer           edges as drawn at half the thickness
/// @param side_wall_deg   angle of the walls of what is *inside* the polygons, (0, 180): below 90 the
///                        inside is wider at the bottom
/// @param n_slices        >= 1; the error falls with its square
/// @throws InputError     an argument is out of range
[[nodiscard]] std::vector<PatternedLayer> slice_side_walls(const PatternedLayer& layer, const Box& cell,
                                                           double side_wall_deg, int n_slices);

/// Tangential part of a wave vector in units of 2 pi/lambda: sin(theta) (cos(phi), sin(phi)).
struct TangentialVector {
  double x = 0, y = 0;
};
[[nodiscard]] TangentialVector tangential_vector(double incidence_deg, double azimuth_deg);

/// Which orders are kept, by their distance (a, b) from the normal in orders along x and y. Hyperbolic cross:
/// high orders along both axes at once carry little light, and are left out; it needs the fewest orders.
enum class OrderShape { hyperbolic_cross, ellipse, rectangle };

/// Orders kept in the computation: about -max_order .. max_order about the normal direction.
struct Truncation {
  int max_order_x = 0;  ///< >= 0; unused if nothing changes along x
  int max_order_y = 0;  ///< >= 0; unused if nothing changes along y
  OrderShape shape = OrderShape::hyperbolic_cross;
};

/// Order (m, n): tangential vector = Bloch vector + (m lambda/period_x, n lambda/period_y).
struct Order {
  int m = 0, n = 0;
  friend bool operator==(const Order&, const Order&) = default;
};

/// A reflected plane wave E exp(i k (x x + y y - z z)), for a unit incident electric field.
struct ReflectedOrder {
  Order order;
  TangentialVector direction;
  std::complex<double> kz;          ///< of the wave, in units of 2 pi/lambda; imaginary if it is evanescent
  std::complex<double> ex, ey, ez;  ///< electric field
  /// Components along the unit vectors s = (-sin phi, cos phi, 0) and
  /// p = (cos theta cos phi, cos theta sin phi, sin theta); phi = 0 at normal direction.
  std::complex<double> s, p;
  double efficiency = 0;  ///< share of the incident power; 0 if the wave is evanescent
};

/// All reflected orders of one incident wave, in a fixed order.
struct Reflection {
  std::vector<ReflectedOrder> orders;
  double reflectance = 0;  ///< sum of efficiencies

  /// @throws InputError  the order was not kept
  [[nodiscard]] const ReflectedOrder& operator()(int m, int n) const;
};

/// Balance of the power of an incident wave; shares of the incident power.
struct EnergyBalance {
  double reflected = 0;
  std::vector<double> absorbed;  ///< in each layer, the integral of the loss over its volume
  double into_films = 0;         ///< through the top of the films
};

/// What a solver keeps: enough for reflected waves, or also the fields in the layers (at least twice the
/// memory).
enum class Keep { reflection, fields };

/// Full-vector reflection of one Bloch vector: a costly preparation that serves every incident order.
///
/// Fourier modal method [MoharamGaylord1981]: in each layer the tangential fields are sums of modes
/// exp(+-i k q z) with q^2 the eigenvalues of P Q; the mirror enters as an admittance of each order.
/// Reflection matrices are carried from the mirror up with decaying exponentials only. One-dimensional layers
/// take the inverse rule of [Li1996] and modes that depend on the Bloch vector across the lines alone.
///
/// Accuracy: converges with the number of orders; see docs/theory/rigorous-mask.md for a table. Cost O(N^3)
/// for N orders and each different layer. Source: [Li1996], [Li1997]. Theory: docs/theory/rigorous-mask.md
class RigorousSolver {
 public:
  /// @param bloch  any representative: (kx, ky) and (kx + m lambda/period_x, ...) give the same orders
  /// @throws InputError  no area, a thickness or index out of range, polygons outside of the cell
  /// @throws NumericalError  an eigenproblem fails
  RigorousSolver(const MaskGeometry& geometry, double wavelength_nm, TangentialVector bloch,
                 const Truncation& truncation, Keep keep = Keep::reflection);
  ~RigorousSolver();
  RigorousSolver(RigorousSolver&&) noexcept;
  RigorousSolver& operator=(RigorousSolver&&) noexcept;

  /// Reflected orders for light of unit electric field that comes in along `incident`.
  ///   s: E = (-sin phi, cos phi, 0);  p: E = (cos theta cos phi, cos theta sin phi, -sin theta)
  /// @throws InputError  the order was not kept or is evanescent
  /// Cost O(N^2).
  [[nodiscard]] Reflection reflect(Order incident, optics::Polarisation polarisation) const;

  /// Needs Keep::fields. @throws InputError  as reflect(); the fields were not kept
  [[nodiscard]] EnergyBalance energy_balance(Order incident, optics::Polarisation polarisation) const;

  [[nodiscard]] int n_orders() const;
  /// Largest relative residual of the eigenproblems.
  [[nodiscard]] double eigen_residual() const;

 private:
  class Impl;
  std::unique_ptr<const Impl> impl_;
};

/// Whether a truncation is good enough, measured against the next smaller one.
struct SolverReport {
  bool converged = false;
  double change = 0;  ///< largest |dE| of a propagating order, s and p, over the largest |E|
  int n_orders = 0;   ///< of the solver that is returned
  Truncation truncation;
};

struct ConvergedSolver {
  RigorousSolver solver;
  SolverReport report;
};

/// The accuracy that solve_to_accuracy() reaches.
struct AccuracyGoal {
  double error = 1e-3;    ///< of an order, relative to the largest one, (0, 1)
  double reach = 1;       ///< orders whose tangential vector lies within this of the incident one count
  int max_orders = 1000;  ///< no truncation with more orders is tried
};

/// The first truncation of a series, each 1.3 times the one before, whose change is below the wanted error.
/// If none is within goal.max_orders, the last one tried with converged = false.
///
/// The error falls with the third power of the truncation and faster, so that the change is about the error
/// of the returned truncation, or above it.
/// @param incident  order by whose light the change is measured
/// @throws InputError  goal out of range; see RigorousSolver
/// Cost: about twice that of the solver it returns in one dimension, less in two.
[[nodiscard]] ConvergedSolver solve_to_accuracy(const MaskGeometry& geometry, double wavelength_nm,
                                                TangentialVector bloch, Order incident,
                                                const AccuracyGoal& goal = {});

/// The truncation for a wanted error of lines and contacts of EUV absorbers, without a measurement:
///   max_order = 3 + 3.7 (period / lambda)^(3/4) (1e-4 / error)^(1/3)
/// @param error  of orders within 30 degrees of the normal, relative to the largest order, [1e-6, 0.1]
[[nodiscard]] Truncation suggested_truncation(const MaskGeometry& geometry, double wavelength_nm,
                                              double error);

}  // namespace undulith::mask
