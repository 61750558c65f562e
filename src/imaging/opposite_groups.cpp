// SPDX-License-Identifier: MIT
#include "imaging/opposite_groups.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

namespace undulith::imaging {
namespace {

using Complex = std::complex<double>;

constexpr double kSame = 1e-12;

class Comparison {
 public:
  explicit Comparison(const CoherentFields& fields)
      : fields_(fields), first_(fields.make_cursor()), second_(fields.make_cursor()) {
    for (int group = 0; group < fields.n_groups(); ++group) {
      const FieldGroup place = first_->select(group);
      at_[{place.m_first, place.n_first}].push_back(group);
    }
  }

  [[nodiscard]] std::optional<OppositeGroup> opposite_of(int group) {
    place_ = first_->select(group);
    filters_ = first_->filters(0);
    // Both rectangles have room for the pupil and up to one more column and row.
    for (int dn = -1; dn <= 1; ++dn)
      for (int dm = -1; dm <= 1; ++dm) {
        const auto found =
            at_.find({1 - place_.m_first - fields_.columns() + dm, 1 - place_.n_first - fields_.rows() + dn});
        if (found == at_.end()) continue;
        for (const int other : found->second)
          if (auto signs = compare(group, other)) return OppositeGroup{other, *std::move(signs)};
      }
    return std::nullopt;
  }

 private:
  [[nodiscard]] std::optional<std::vector<double>> compare(int group, int other) {
    if (std::abs(fields_.weight(group) - fields_.weight(other)) > kSame * fields_.weight(group))
      return std::nullopt;
    const FieldGroup place = second_->select(other);
    if (place.n_fields != place_.n_fields) return std::nullopt;
    const std::span<const Complex> filters = second_->filters(0);
    const std::size_t size = filters_.size() / static_cast<std::size_t>(place.n_fields);
    std::vector<double> signs;
    for (std::size_t component = 0; component < static_cast<std::size_t>(place.n_fields); ++component) {
      const auto a = filters_.subspan(component * size, size), b = filters.subspan(component * size, size);
      if (are_opposite(a, place, b, 1))
        signs.push_back(1);
      else if (are_opposite(a, place, b, -1))
        signs.push_back(-1);
      else
        return std::nullopt;
    }
    return signs;
  }

  [[nodiscard]] bool are_opposite(std::span<const Complex> a, const FieldGroup& place_b,
                                  std::span<const Complex> b, double sign) const {
    const int columns = fields_.columns(), rows = fields_.rows();
    // The element (k, row) of a is the element (sum_k - k, sum_row - row) of b.
    const int sum_k = -place_.m_first - place_b.m_first, sum_row = -place_.n_first - place_b.n_first;
    const auto element = [&](std::span<const Complex> of, int k, int row) {
      return k < 0 || k >= columns || row < 0 || row >= rows
                 ? Complex{}
                 : of[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
                      static_cast<std::size_t>(k)];
    };
    double largest = 0, difference = 0;
    for (int row = std::min(0, sum_row - rows + 1); row <= std::max(rows - 1, sum_row); ++row)
      for (int k = std::min(0, sum_k - columns + 1); k <= std::max(columns - 1, sum_k); ++k) {
        const Complex value = element(a, k, row);
        largest = std::max(largest, std::norm(value));
        difference = std::max(difference, std::norm(element(b, sum_k - k, sum_row - row) - sign * value));
        // Filters are of the order of 1: most unlike ones end here.
        if (difference > 4 * std::max(largest, 1.0) * kSame) return false;
      }
    return difference <= kSame * kSame * largest;
  }

  const CoherentFields& fields_;
  std::unique_ptr<FilterCursor> first_, second_;
  std::map<std::pair<int, int>, std::vector<int>> at_;
  FieldGroup place_;
  std::span<const Complex> filters_;
};

}  // namespace

std::vector<OppositeGroup> opposite_groups(const CoherentFields& fields) {
  Comparison comparison(fields);
  std::vector<OppositeGroup> opposites(static_cast<std::size_t>(fields.n_groups()), {-1, {}});
  for (int group = 0; group < fields.n_groups(); ++group) {
    OppositeGroup& own = opposites[static_cast<std::size_t>(group)];
    if (own.group >= 0) continue;
    std::optional<OppositeGroup> found = comparison.opposite_of(group);
    if (!found) return {};
    OppositeGroup& other = opposites[static_cast<std::size_t>(found->group)];
    if (other.group >= 0) return {};  // of two equal groups
    own = *std::move(found);
    if (&own != &other) other = {group, own.signs};
  }
  return opposites;
}

}  // namespace undulith::imaging
