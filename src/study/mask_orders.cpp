// SPDX-License-Identifier: MIT
#include "undulith/study/mask_orders.hpp"

#include <cmath>
#include <complex>

#include "undulith/core/constants.hpp"

namespace undulith::study {
namespace {

using Complex = std::complex<double>;

double degrees(Complex value) {
  return std::arg(value) * 180 / constants::kPi;
}

// Jones matrix of the only source point at one place of the orders, or of its open frame.
struct PointLight {
  const mask::ThickMask& mask;

  [[nodiscard]] Complex order(std::size_t element, std::size_t index) const {
    Complex sum = 0;
    for (const mask::SpectrumShare& share : mask.shares.front())
      sum += share.weight * mask.spectra[static_cast<std::size_t>(share.spectrum)].orders[element][index];
    return sum;
  }
  [[nodiscard]] Complex open(std::size_t element) const {
    Complex sum = 0;
    for (const mask::SpectrumShare& share : mask.shares.front())
      sum += share.weight * mask.spectra[static_cast<std::size_t>(share.spectrum)].open[element];
    return sum;
  }
};

}  // namespace

std::vector<OrderRow> order_rows(const std::string& name, const mask::Diffraction& thick,
                                 const mask::Diffraction& thin, double sigma_x, double sigma_y,
                                 const mask::MaskOptics& optics, double incidence_deg) {
  constexpr std::size_t kXX = 0, kXY = 1, kYX = 2, kYY = 3;
  const double sine = std::sin(incidence_deg * constants::kPi / 180),
               azimuth = optics.chief_ray_azimuth_deg * constants::kPi / 180;
  const double in_x = -sine * std::sin(azimuth) + optics.na / optics.magnification_x * sigma_x,
               in_y = -sine * std::cos(azimuth) + optics.na / optics.magnification_y * sigma_y;
  const double step_x = thick.wavelength_nm / (thick.cell.width() * optics.magnification_x),
               step_y = thick.wavelength_nm / (thick.cell.height() * optics.magnification_y);
  const PointLight light{*thick.thick};
  std::vector<OrderRow> rows;
  for (int n = -thick.max_order_y; n <= thick.max_order_y; ++n)
    for (int m = -thick.max_order_x; m <= thick.max_order_x; ++m) {
      const double out_x = in_x + m * step_x, out_y = in_y + n * step_y;
      const double out_square = 1 - out_x * out_x - out_y * out_y;
      if (!(out_square > 0)) continue;  // evanescent
      // Power of a wave through the plane of the mask, and from the corner of the cell to its middle.
      const double scale = thick.open_reflectance * std::sqrt(out_square / (1 - in_x * in_x - in_y * in_y));
      const double to_middle = (m + n) % 2 == 0 ? 1 : -1;
      const std::size_t i = thick.index(m, n);
      const auto of = [&](std::size_t own, std::size_t other) {
        return OrderLight{.efficiency = scale * std::norm(light.order(own, i)),
                          .cross_efficiency = scale * std::norm(light.order(other, i)),
                          .phase_deg = degrees(to_middle * light.order(own, i) * std::conj(light.open(own)))};
      };
      const Complex flat = thin(m, n);
      rows.push_back(
          {.mask = name,
           .sigma_x = sigma_x,
           .sigma_y = sigma_y,
           .m = m,
           .n = n,
           .x = of(kXX, kYX),
           .y = of(kYY, kXY),
           .thin = {.efficiency = scale * std::norm(flat), .phase_deg = degrees(to_middle * flat)}});
    }
  return rows;
}

}  // namespace undulith::study
