// SPDX-License-Identifier: MIT
#include "undulith/optimise/measure_print.hpp"

#include <algorithm>
#include <cmath>

#include "optimise/free_mask.hpp"
#include "optimise/print_loss.hpp"
#include "undulith/optimise/correct_edges.hpp"

namespace undulith::optimise {

PrintFigures measure_print(std::span<const layout::Polygon> rings, const layout::Clip& drawn,
                           const ImageModel& model, const PrintGoal& goal, double pixel_nm) {
  return measure_print(model.images(pattern_of({rings.begin(), rings.end()}, model.grid())), model.grid(),
                       drawn, goal, pixel_nm);
}

PrintFigures measure_print(const Images& images, const ModelGrid& grid, const layout::Clip& drawn,
                           const PrintGoal& goal, double pixel_nm) {
  const auto pixels = [&](double length_nm) {
    return std::max(1, static_cast<int>(std::lround(length_nm / pixel_nm)));
  };
  const int nx = pixels(drawn.cell.width()), ny = pixels(drawn.cell.height());
  const PrintLoss loss(grid, goal, drawn_share(drawn, nx, ny), judged_pixels(drawn, nx, ny));
  constexpr double kAnyStiffness = 1;
  const SiteConstraints sites(grid, goal, sites_in(drawn, goal.sites), kAnyStiffness);
  PrintFigures figures = loss.figures(images);
  figures.n_sites = static_cast<int>(sites.n_sites());
  figures.violations = static_cast<int>(sites.violated(images).size());
  return figures;
}

}  // namespace undulith::optimise
