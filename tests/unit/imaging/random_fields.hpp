// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <memory>
#include <random>
#include <span>
#include <vector>

#include "imaging/back_end.hpp"

namespace undulith::imaging {

/// Fields of random filters on rectangles at random places: lowest orders from -9 to 5.
class RandomFields final : public CoherentFields {
 public:
  RandomFields(int groups, int planes, int columns, int rows, unsigned seed)
      : n_planes_(planes), columns_(columns), rows_(rows), engine_(seed) {
    std::uniform_int_distribution<int> place(-9, 5), fields(1, 3);
    for (int g = 0; g < groups; ++g) {
      groups_.push_back({place(engine_), place(engine_), fields(engine_)});
      weights_.push_back(0.2 + uniform());
      auto& of_group = filters_.emplace_back();
      for (int p = 0; p < planes; ++p)
        of_group.push_back(random(static_cast<std::size_t>(groups_.back().n_fields * columns * rows)));
    }
  }
  [[nodiscard]] int n_groups() const override { return static_cast<int>(groups_.size()); }
  [[nodiscard]] int n_planes() const override { return n_planes_; }
  [[nodiscard]] int columns() const override { return columns_; }
  [[nodiscard]] int rows() const override { return rows_; }
  [[nodiscard]] double weight(int group) const override { return weights_[static_cast<std::size_t>(group)]; }
  [[nodiscard]] std::unique_ptr<FilterCursor> make_cursor() const override {
    return std::make_unique<Cursor>(*this);
  }

  std::vector<std::complex<double>> random(std::size_t count) {
    std::vector<std::complex<double>> values(count);
    for (std::complex<double>& value : values) value = {uniform() - 0.5, uniform() - 0.5};
    return values;
  }
  double uniform() { return std::uniform_real_distribution<double>(0, 1)(engine_); }

  std::vector<FieldGroup> groups_;
  std::vector<double> weights_;
  std::vector<std::vector<std::vector<std::complex<double>>>> filters_;  // of group and plane

 private:
  struct Cursor final : FilterCursor {
    explicit Cursor(const RandomFields& f) : fields(f) {}
    FieldGroup select(int group) override {
      selected = static_cast<std::size_t>(group);
      return fields.groups_[selected];
    }
    std::span<const std::complex<double>> filters(int plane) override {
      return fields.filters_[selected][static_cast<std::size_t>(plane)];
    }
    const RandomFields& fields;
    std::size_t selected = 0;
  };
  int n_planes_, columns_, rows_;
  std::mt19937_64 engine_;
};

}  // namespace undulith::imaging
