// SPDX-License-Identifier: MIT
#include "undulith/imaging/point_responses.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <complex>
#include <optional>
#include <stdexcept>

#include "imaging/check_parameters.hpp"
#include "imaging/point_fields.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"

namespace undulith::imaging {
namespace {

using Complex = std::complex<double>;
using Table = Eigen::MatrixXcd;

// Nodes and weights for the mean over a normal distribution of standard deviation 1 (Gauss and Hermite), from the
// eigenproblem of the recurrence of the polynomials; one node where nothing vibrates.
struct NormalRule {
  // @param wavenumber  largest of the image, 1/nm
  NormalRule(double deviation_nm, double wavenumber) {
    if (deviation_nm == 0) {
      nodes_nm = weights = Eigen::VectorXd::Ones(1);
      nodes_nm[0] = 0;
      return;
    }
    // With n nodes the mean of exp(i k x) errs by (k deviation)^(2n) n!/(2n)!.
    constexpr double kError = 1e-13;
    constexpr int kMostNodes = 60;
    const double phase = wavenumber * deviation_nm;
    int n = 1;
    for (double error = phase * phase / 2; error > kError && n < kMostNodes; ++n)
      error *= phase * phase * (n + 1) / ((2 * n + 1) * (2 * n + 2));
    Eigen::MatrixXd jacobi = Eigen::MatrixXd::Zero(n, n);
    for (int k = 1; k < n; ++k) jacobi(k, k - 1) = jacobi(k - 1, k) = std::sqrt(k);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> modes(jacobi);
    nodes_nm = deviation_nm * modes.eigenvalues();
    weights = modes.eigenvectors().row(0).transpose().array().square();
  }
  Eigen::VectorXd nodes_nm, weights;
};

// A place at which fields are summed: the site itself, or one of the nodes around it.
struct Place {
  double x_nm, y_nm, weight;
  std::size_t site;
};

// First those whose slope has a part along x: the others need no derivative along it.
std::vector<Place> places_of(std::span<const ResponseSite> sites, const ImagingParameters& parameters,
                             double wavelength_nm) {
  const double wavenumber = 4 * constants::kPi * parameters.na / wavelength_nm;
  const NormalRule x(parameters.vibration_x_nm, wavenumber), y(parameters.vibration_y_nm, wavenumber);
  std::vector<Place> places;
  for (std::size_t site = 0; site < sites.size(); ++site)
    for (Eigen::Index j = 0; j < y.nodes_nm.size(); ++j)
      for (Eigen::Index i = 0; i < x.nodes_nm.size(); ++i)
        places.push_back({sites[site].x_nm + x.nodes_nm[i], sites[site].y_nm + y.nodes_nm[j],
                          x.weights[i] * y.weights[j], site});
  std::ranges::stable_partition(places,
                                [&](const Place& place) { return sites[place.site].direction_x != 0; });
  return places;
}

// exp(2 pi i m (x - x0)/L) of the orders first..last of one axis at every place, and its derivative with respect to x.
struct AxisTable {
  AxisTable(int first_order, int last_order, double start_nm, double length_nm,
            const std::vector<double>& coordinates)
      : first(first_order),
        value(last_order - first_order + 1, static_cast<Eigen::Index>(coordinates.size())),
        derivative(value.rows(), value.cols()) {
    for (Eigen::Index p = 0; p < value.cols(); ++p)
      for (int m = first_order; m <= last_order; ++m) {
        const double k = 2 * constants::kPi * m / length_nm;
        const Complex phase = std::polar(1.0, k * (coordinates[static_cast<std::size_t>(p)] - start_nm));
        value(m - first_order, p) = phase;
        derivative(m - first_order, p) = Complex(0, k) * phase;
      }
  }
  int first;
  Table value, derivative;
};

// Sums the fields of one source point at all places.
class SiteSum {
 public:
  SiteSum(const mask::Diffraction& mask, const PointFields& fields, std::span<const ResponseSite> sites,
          const std::vector<Place>& places)
      : mask_(mask), fields_(fields), sites_(sites), places_(places) {
    // The rectangle of a source point within the unit disc starts at most twice the pupil's radius away.
    const int reach_x = 2 * fields.columns() + 2, reach_y = 2 * fields.rows() + 2;
    std::vector<double> x, y;
    for (const Place& place : places) {
      if (sites[place.site].direction_x != 0) ++n_along_x_;
      x.push_back(place.x_nm);
      y.push_back(place.y_nm);
    }
    x_.emplace(-reach_x, reach_x, mask.cell.x0, mask.cell.width(), x);
    y_.emplace(-reach_y, reach_y, mask.cell.y0, mask.cell.height(), y);
  }

  // Adds the intensity and slope of one field to those of the sites.
  void add(const FieldGroup& group, const Complex* filter, double* intensity, double* slope) const {
    const Eigen::Index columns = fields_.columns(), rows = fields_.rows();
    using Rows = Eigen::Matrix<Complex, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    Rows field = Eigen::Map<const Rows>(filter, rows, columns);
    if (!mask_.thick) multiply_by_mask(group, field);
    const auto x = x_->value.middleRows(group.m_first - x_->first, columns);
    const auto dx = x_->derivative.block(group.m_first - x_->first, 0, columns, n_along_x_);
    const auto y = y_->value.middleRows(group.n_first - y_->first, rows).array();
    const auto dy = y_->derivative.middleRows(group.n_first - y_->first, rows).array();
    const Eigen::ArrayXXcd along_rows = (field * x).array();
    const Eigen::RowVectorXcd e = (along_rows * y).colwise().sum(), e_y = (along_rows * dy).colwise().sum(),
                              e_x = ((field * dx).array() * y.leftCols(n_along_x_)).colwise().sum();
    for (std::size_t p = 0; p < places_.size(); ++p) {
      const auto i = static_cast<Eigen::Index>(p);
      const ResponseSite& site = sites_[places_[p].site];
      intensity[places_[p].site] += places_[p].weight * std::norm(e[i]);
      Complex along = site.direction_y * e_y[i];
      if (i < n_along_x_) along += site.direction_x * e_x[i];
      slope[places_[p].site] += places_[p].weight * 2 * (std::conj(e[i]) * along).real();
    }
  }

 private:
  template <class Rows>
  void multiply_by_mask(const FieldGroup& group, Rows& field) const {
    for (Eigen::Index row = 0; row < field.rows(); ++row)
      for (Eigen::Index column = 0; column < field.cols(); ++column) {
        const int m = group.m_first + static_cast<int>(column), n = group.n_first + static_cast<int>(row);
        const bool known = std::abs(m) <= mask_.max_order_x && std::abs(n) <= mask_.max_order_y;
        field(row, column) *= known ? mask_(m, n) : Complex{};
      }
  }

  const mask::Diffraction& mask_;
  const PointFields& fields_;
  std::span<const ResponseSite> sites_;
  const std::vector<Place>& places_;
  std::optional<AxisTable> x_, y_;
  Eigen::Index n_along_x_ = 0;
};

}  // namespace

PointResponses compute_point_responses(const mask::Diffraction& mask, const illuminator::PupilFill& fill,
                                       const ImagingParameters& parameters, const FieldPosition& position,
                                       std::span<const ImagePlane> planes,
                                       std::span<const ResponseSite> sites) {
  if (fill.points.empty())
    throw InputError("the pupil is dark (no source points); check the keys of [illuminator]");
  require_valid(planes, parameters);
  require_valid(parameters, mask.wavelength_nm, fill);
  for (const ResponseSite& site : sites)
    if (!(std::abs(std::hypot(site.direction_x, site.direction_y) - 1) < 1e-9))
      throw std::invalid_argument("compute_point_responses: the direction of a site is no unit vector");

  const PointFields fields(mask, fill, parameters, position, planes);
  const std::vector<Place> places = places_of(sites, parameters, mask.wavelength_nm);
  const SiteSum sum(mask, fields, sites, places);
  PointResponses result{planes.size(), sites.size(), fill.points.size(), {}, {}, fields.clear_intensities()};
  result.intensity.resize(result.n_planes * result.n_sites * result.n_points);
  result.slope_per_nm.resize(result.intensity.size());
  const double tis = parameters.flare.tis,
               density = parameters.flare.clear_density.value_or(mask.open_area_fraction);

  const int n_chunks = chunk_count(fields.n_groups());
  parallel_for(n_chunks, [&](int chunk) {
    const auto cursor = fields.make_cursor();
    const GroupRange range = groups_of(chunk, n_chunks, fields.n_groups());
    std::vector<double> intensity(result.n_sites), slope(result.n_sites);
    for (int group = range.begin; group < range.end; ++group) {
      const auto point = static_cast<std::size_t>(group);
      const FieldGroup place = cursor->select(group);
      for (std::size_t plane = 0; plane < planes.size(); ++plane) {
        std::ranges::fill(intensity, 0.0);
        std::ranges::fill(slope, 0.0);
        const Complex* filter = cursor->filters(static_cast<int>(plane)).data();
        const auto size = static_cast<std::ptrdiff_t>(fields.columns()) * fields.rows();
        for (int field = 0; field < place.n_fields; ++field, filter += size)
          sum.add(place, filter, intensity.data(), slope.data());
        for (std::size_t site = 0; site < result.n_sites; ++site) {
          const std::size_t at = result.row(plane, site) + point;
          result.intensity[at] = (1 - tis) * intensity[site] + tis * density * result.clear[point];
          result.slope_per_nm[at] = (1 - tis) * slope[site];
        }
      }
    }
  });
  return result;
}

}  // namespace undulith::imaging
