// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "optimise/pixel_transforms.hpp"
#include "undulith/layout/clip.hpp"
#include "undulith/optimise/print_goal.hpp"

namespace undulith::optimise {

/// Pixels of the window: those that are judged.
[[nodiscard]] PixelSet judged_pixels(const layout::Clip& clip, int nx, int ny);
/// Sites of the drawing within the window.
[[nodiscard]] std::vector<ControlSite> sites_in(const layout::Clip& clip, const SiteParameters& parameters);

/// Weights of the smooth loss of an inverse problem.
struct LossWeights {
  double error = 1.2, band = 1;
  double steepness = 18;  ///< of the printed edge: a pixel prints by logistic(steepness (I / threshold - 1))
};

/// Areas by pixels whose edges are smooth, with their gradient with respect to the images.
///
///   L = w_error sum (Z - T)^2 h^2 + w_band mean_b sum sqrt((Z_outer - Z_inner)^2 + 1e-4) h^2
///
/// Z is the printed share of a pixel, T the drawn one, h^2 its area. Only pixels that are judged count.
class PrintLoss {
 public:
  /// @param drawn   share of each pixel that is drawn    @param judged  pixels that count
  PrintLoss(const ModelGrid& grid, const PrintGoal& goal, Pixels drawn, PixelSet judged);

  /// Adds dL/dI to the gradient of each image. Returns L in nm^2.
  double add_gradient(const Images& images, const LossWeights& weights, Images& d_images) const;

  /// The same areas by pixels that print or do not.
  [[nodiscard]] PrintFigures figures(const Images& images) const;

  [[nodiscard]] const PixelTransforms& transforms() const { return transforms_; }

 private:
  PrintGoal goal_;
  PixelTransforms transforms_;
  Pixels drawn_;
  PixelSet judged_;
  double pixel_area_nm2_;
};

/// The edge placement at sites as constraints, by an augmented Lagrangian: at the tolerance inside the drawn edge the
/// pattern must print, at the tolerance outside it must not.
class SiteConstraints {
 public:
  /// @param stiffness_nm2  of a relative intensity
  SiteConstraints(const ModelGrid& grid, const PrintGoal& goal, std::span<const ControlSite> sites,
                  double stiffness_nm2);

  /// Adds the gradient of the constraints' part of the Lagrangian to that of the nominal image; returns the part.
  /// @param margin  by which the relative intensity must clear the threshold
  double add_gradient(const Images& images, double margin, Images& d_images);
  /// The multipliers follow the violations of the last add_gradient().
  void update_multipliers();

  /// Sites that the images violate.
  [[nodiscard]] std::vector<std::size_t> violated(const Images& images) const;
  /// Asks for more at some sites.
  void tighten(std::span<const std::size_t> sites, double margin);

  [[nodiscard]] std::size_t n_sites() const { return extra_.size(); }

 private:
  [[nodiscard]] std::vector<double> excess(const Images& images) const;

  PrintGoal goal_;
  int samples_x_, samples_y_;
  double stiffness_nm2_, sign_;
  std::vector<float> to_x_, to_y_;  // of the places inside, then of those outside
  std::vector<double> extra_;       // margin of each site
  std::vector<double> multipliers_, shortfall_;
};

}  // namespace undulith::optimise
