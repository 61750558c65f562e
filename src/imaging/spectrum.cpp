// SPDX-License-Identifier: MIT
#include "undulith/imaging/spectrum.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/optics/mirror.hpp"

namespace undulith::imaging {
namespace {

// Lines weaker than this share of the strongest are left out: their sum is negligible.
constexpr double kFaintest = 1e-7;

// After a chain of mirrors no light is left outside the range of the tables of their materials.
constexpr double kShortestNm = 9.5, kLongestNm = 20.7;
constexpr double kMirrorIncidenceDeg = 6;

std::vector<SpectralNode> lines_of(const illuminator::Spectrum& spectrum, int n_mirrors) {
  std::vector<SpectralNode> lines;
  const bool single = spectrum.photon_energy_ev.size() == 1;  // nothing to shape
  double strongest = 0;
  for (std::size_t i = 0; i < spectrum.photon_energy_ev.size(); ++i) {
    const double wavelength_nm = constants::wavelength_nm_of(spectrum.photon_energy_ev[i]);
    double share = spectrum.power_share[i];
    if (!single && n_mirrors > 0) {
      if (wavelength_nm < kShortestNm || wavelength_nm > kLongestNm) continue;
      share *= std::pow(optics::reflectance({}, wavelength_nm, kMirrorIncidenceDeg), n_mirrors);
    }
    if (share > 0) lines.push_back({wavelength_nm, share});
    strongest = std::max(strongest, share);
  }
  std::erase_if(lines, [&](const SpectralNode& line) { return line.share < kFaintest * strongest; });
  if (lines.empty())
    throw InputError(fmt::format(
        "imaging.n_mirrors = {} (no light of the source is left after the mirrors); choose a source within "
        "9.5 to 20.7 nm, or 0 mirrors",
        n_mirrors));
  double sum = 0;
  for (const SpectralNode& line : lines) sum += line.share;
  for (SpectralNode& line : lines) line.share /= sum;
  std::ranges::sort(lines, {}, &SpectralNode::wavelength_nm);
  return lines;
}

}  // namespace

std::vector<SpectralNode> spectral_nodes(const illuminator::Spectrum& spectrum, int n_mirrors, int n_nodes) {
  if (n_nodes < 1) throw InputError(fmt::format("imaging.n_wavelengths = {} (must be >= 1)", n_nodes));
  std::vector<SpectralNode> lines = lines_of(spectrum, n_mirrors);
  if (static_cast<int>(lines.size()) <= n_nodes) return lines;

  // Lanczos with full orthogonalisation: gives the Jacobi matrix of the polynomials orthogonal on the lines.
  const auto n_lines = static_cast<Eigen::Index>(lines.size());
  Eigen::VectorXd wavelength(n_lines), root_share(n_lines);
  for (Eigen::Index i = 0; i < n_lines; ++i) {
    wavelength[i] = lines[static_cast<std::size_t>(i)].wavelength_nm;
    root_share[i] = std::sqrt(lines[static_cast<std::size_t>(i)].share);
  }
  // Relative to the middle of the spectrum, so that rounding is relative to its width.
  const double middle = (wavelength[0] + wavelength[n_lines - 1]) / 2;
  wavelength.array() -= middle;
  Eigen::MatrixXd basis(n_lines, n_nodes);
  Eigen::VectorXd diagonal(n_nodes), beside(std::max(1, n_nodes - 1));
  basis.col(0) = root_share / root_share.norm();
  for (Eigen::Index k = 0; k < n_nodes; ++k) {
    Eigen::VectorXd next = wavelength.cwiseProduct(basis.col(k));
    diagonal[k] = basis.col(k).dot(next);
    if (k + 1 == n_nodes) break;
    for (int pass = 0; pass < 2; ++pass)
      next -= basis.leftCols(k + 1) * (basis.leftCols(k + 1).transpose() * next);
    beside[k] = next.norm();
    basis.col(k + 1) = next / beside[k];
  }
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen;
  eigen.computeFromTridiagonal(diagonal, beside.head(n_nodes - 1));
  std::vector<SpectralNode> nodes;
  for (Eigen::Index k = 0; k < n_nodes; ++k)
    nodes.push_back({middle + eigen.eigenvalues()[k], std::pow(eigen.eigenvectors()(0, k), 2)});
  return nodes;
}

std::vector<double> coarser_shares(std::span<const SpectralNode> nodes) {
  std::vector<double> shares(nodes.size());
  if (nodes.size() < 2) return shares;
  const auto strongest = std::ranges::max_element(nodes, {}, &SpectralNode::share);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (&nodes[i] == &*strongest) continue;
    double weight = 1;  // of node i in the polynomial, at the strongest node
    for (std::size_t j = 0; j < nodes.size(); ++j)
      if (j != i && &nodes[j] != &*strongest)
        weight *= (strongest->wavelength_nm - nodes[j].wavelength_nm) /
                  (nodes[i].wavelength_nm - nodes[j].wavelength_nm);
    shares[i] = nodes[i].share + strongest->share * weight;
  }
  return shares;
}

double error_of_change(std::size_t n_nodes) {
  // Without the stronger of two nodes a rule is no longer exact for linear functions.
  constexpr double kOfTwo = 0.12, kOfMore = 0.4;
  return n_nodes <= 2 ? kOfTwo : kOfMore;
}

double relative_bandwidth(const illuminator::Spectrum& spectrum) {
  double mean = 0, square = 0;
  for (std::size_t i = 0; i < spectrum.photon_energy_ev.size(); ++i)
    mean += spectrum.power_share[i] * constants::wavelength_nm_of(spectrum.photon_energy_ev[i]);
  for (std::size_t i = 0; i < spectrum.photon_energy_ev.size(); ++i) {
    const double difference = constants::wavelength_nm_of(spectrum.photon_energy_ev[i]) - mean;
    square += spectrum.power_share[i] * difference * difference;
  }
  return std::sqrt(square) / mean;
}

double omit_faint_nodes(std::vector<SpectralNode>& nodes, double max_share) {
  std::vector<double> shares;
  for (const SpectralNode& node : nodes) shares.push_back(node.share);
  std::ranges::sort(shares);
  double omitted = 0, faintest = 0;  // nodes up to `faintest` are left out
  for (std::size_t i = 0; i + 1 < shares.size() && omitted + shares[i] <= max_share; ++i) {
    omitted += shares[i];
    faintest = shares[i];
  }
  if (omitted == 0) return 0;
  std::erase_if(nodes, [&](const SpectralNode& node) { return node.share <= faintest; });
  for (SpectralNode& node : nodes) node.share /= 1 - omitted;
  return omitted;
}

}  // namespace undulith::imaging
