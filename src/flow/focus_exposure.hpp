#pragma once

#include <vector>

#include "flow/stages.hpp"
#include "undulith/metrology/process_window.hpp"

/// CD over focus and dose: imaging once a focus, the resist once a dose.
namespace undulith::flow {

/// Images of one focus, all that printing at any dose takes.
struct FocusImages {
  double focus_nm = 0;
  imaging::AerialImage image;  ///< in air; compact models: what the resist makes of it
  resist::ImageInResist film;  ///< models with a film
};

struct FocusSeries {
  Prepared prepared;
  SpectrumResult spectrum;
  std::vector<FocusImages> planes;
};

[[nodiscard]] FocusSeries compute_focus_series(const Job& job, const std::vector<double>& focus_nm,
                                               const Progress& progress);

/// CD of each gauge at one dose; absent where it does not print.
/// @param dose_mj_cm2  a compact model compares it with throughput.dose_mj_cm2
[[nodiscard]] std::vector<std::optional<double>> print_at(const Job& job, const Prepared& prepared,
                                                          const FocusImages& plane, double dose_mj_cm2,
                                                          const std::vector<metrology::Gauge>& gauges);

/// One matrix a gauge.
[[nodiscard]] std::vector<metrology::FocusExposureMatrix> compute_matrices(
    const Job& job, const FocusSeries& series, const std::vector<double>& dose_mj_cm2,
    const std::vector<metrology::GaugeResult>& gauges, const Progress& progress);

}  // namespace undulith::flow
