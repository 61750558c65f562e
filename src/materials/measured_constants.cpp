// SPDX-License-Identifier: MIT
#include "undulith/materials/measured_constants.hpp"

#include <algorithm>
#include <iterator>

namespace undulith::materials {
namespace {

constexpr double kWindtNm = 13.55;
/// [Windt1988]
constexpr std::string_view kWindt =
    "Windt et al., Appl. Opt. 27, 246 (1988), reflectance against angle; digits of refractiveindex.info "
    "(CC0)";
/// Known from its abstract only: the paper was not found.
constexpr std::string_view kTellurium =
    "fit to reflectivity against angle with XRR and XPS; abstract on scite.ai (author B. L. Ong), paper not "
    "seen";

}  // namespace

const std::vector<MeasuredIndex>& all_measurements() {
  static const std::vector<MeasuredIndex> measurements = {
      {"Ag", kWindtNm, .860, .0423, kWindt},     {"Au", kWindtNm, .900, .0502, kWindt},
      {"Hf", kWindtNm, .9498, .0342, kWindt},    {"Ir", kWindtNm, .893, .0532, kWindt},
      {"Mo", kWindtNm, .9413, .00604, kWindt},   {"Nb", kWindtNm, .9571, .0101, kWindt},
      {"Os", kWindtNm, .9139, .0322, kWindt},    {"Pd", kWindtNm, .871, .0250, kWindt},
      {"Pt", kWindtNm, .898, .0578, kWindt},     {"Re", kWindtNm, .9473, .0246, kWindt},
      {"Rh", kWindtNm, .888, .0162, kWindt},     {"Ru", kWindtNm, .9023, .0129, kWindt},
      {"Ta", kWindtNm, .9436, .0331, kWindt},    {"Te", 13.5, .9688, .07338, kTellurium},
      {"TeO", 13.5, .95901, .06555, kTellurium}, {"Ti", kWindtNm, .9530, .0122, kWindt},
      {"W", kWindtNm, .9543, .0200, kWindt},     {"Zr", kWindtNm, .9550, .0131, kWindt},
  };
  return measurements;
}

std::vector<MeasuredIndex> find_measurements(std::string_view formula) {
  std::vector<MeasuredIndex> found;
  std::ranges::copy_if(all_measurements(), std::back_inserter(found),
                       [formula](const MeasuredIndex& m) { return m.formula == formula; });
  return found;
}

}  // namespace undulith::materials
