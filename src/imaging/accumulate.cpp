// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <memory>

#include "imaging/back_end.hpp"
#include "imaging/fft_worker.hpp"
#include "imaging/field_sum.hpp"
#include "imaging/ordered_sum.hpp"
#include "undulith/core/progress_counter.hpp"

namespace undulith::imaging {
namespace {

using Complex = std::complex<double>;

// One thread's groups by own transforms, whose plan and spectrum all threads share.
template <class T>
class LaneWorker {
 public:
  struct Shared {
    Shared(const SpectrumView& view, const CoherentFields& all_fields, BandGrid grid)
        : spectrum(view), split(view), fields(all_fields), plan(grid, fields.columns(), fields.rows()) {}
    [[nodiscard]] std::size_t sum_size() const { return plan.sum_size(); }
    [[nodiscard]] std::vector<double> samples(std::span<const double> sum) const {
      return samples_of(plan, sum);
    }

    const SpectrumView& spectrum;
    SplitSpectrum<T> split;
    const CoherentFields& fields;
    FieldPlan<T> plan;
  };

  explicit LaneWorker(const Shared& shared)
      : shared_(shared), work_(shared.plan), cursor_(shared.fields.make_cursor()) {}

  void add(int group, std::vector<LargeBuffer<T>>& sums) {
    const SpectrumView& spectrum = shared_.spectrum;
    const int columns = shared_.fields.columns(), rows = shared_.fields.rows();
    const std::size_t rectangle = static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows);
    const FieldGroup place = cursor_->select(group);
    const Overlap overlap = overlap_of(place, shared_.fields, spectrum);
    const bool whole = overlap.column_begin == 0 && overlap.row_begin == 0 && overlap.column_end == columns &&
                       overlap.row_end == rows;
    FilteredField<T> field{.stride = 2 * spectrum.max_order_x + 1, .weight = shared_.fields.weight(group)};
    if (!spectrum.values.empty() && whole) {
      field.re = shared_.split.re.data() + spectrum.place(place.m_first, place.n_first);
      field.im = shared_.split.im.data() + spectrum.place(place.m_first, place.n_first);
    }
    for (std::size_t plane = 0; plane < sums.size(); ++plane) {
      const Complex* filter = cursor_->filters(static_cast<int>(plane)).data();
      for (int component = 0; component < place.n_fields; ++component, filter += rectangle) {
        field.filter = filter;
        if (!spectrum.values.empty() && !whole) {
          product_.resize(rectangle);
          write_product(spectrum, place, overlap, filter, columns, rows, product_.data(), columns);
          field.filter = product_.data();
        }
        add_field(shared_.plan, field, work_, sums[plane].data());
      }
    }
  }

 private:
  const Shared& shared_;
  FieldWork<T> work_;
  std::unique_ptr<FilterCursor> cursor_;
  std::vector<Complex> product_;  // of a rectangle that is only partly in the spectrum
};

// The same by FFTW.
class FftSumWorker {
 public:
  struct Shared {
    Shared(const SpectrumView& view, const CoherentFields& all_fields, BandGrid band)
        : spectrum(view), fields(all_fields), grid(band), transform(grid.nx, grid.ny, fields.rows()) {}
    [[nodiscard]] std::size_t sum_size() const {
      return static_cast<std::size_t>(grid.nx) * static_cast<std::size_t>(grid.ny);
    }
    [[nodiscard]] std::vector<double> samples(std::span<const double> sum) const {
      return transpose(sum, grid.nx, grid.ny);
    }

    const SpectrumView& spectrum;
    const CoherentFields& fields;
    BandGrid grid;
    math::InverseFft2D transform;
  };

  explicit FftSumWorker(const Shared& shared)
      : fields_(shared.fields), worker_(shared.spectrum, shared.fields, shared.grid, shared.transform) {}

  void add(int group, std::vector<LargeBuffer<double>>& sums) {
    worker_.select(group);
    for (std::size_t plane = 0; plane < sums.size(); ++plane) {
      worker_.go_to(static_cast<int>(plane));
      for (int component = 0; component < worker_.n_fields(); ++component) {
        worker_.compute_field(component);
        worker_.add_to(sums[plane].data(), fields_.weight(group));
      }
    }
  }

 private:
  const CoherentFields& fields_;
  FftWorker worker_;
};

// Some groups of other fields, in the first plane.
class SomeFields final : public CoherentFields {
 public:
  SomeFields(const CoherentFields& all, int count) : all_(all), count_(std::min(count, all.n_groups())) {}
  [[nodiscard]] int n_groups() const override { return count_; }
  [[nodiscard]] int n_planes() const override { return 1; }
  [[nodiscard]] int columns() const override { return all_.columns(); }
  [[nodiscard]] int rows() const override { return all_.rows(); }
  [[nodiscard]] double weight(int group) const override { return all_.weight(place(group)); }
  [[nodiscard]] std::unique_ptr<FilterCursor> make_cursor() const override {
    return std::make_unique<Cursor>(*this);
  }

 private:
  class Cursor final : public FilterCursor {
   public:
    explicit Cursor(const SomeFields& fields) : fields_(fields), cursor_(fields.all_.make_cursor()) {}
    FieldGroup select(int group) override { return cursor_->select(fields_.place(group)); }
    std::span<const Complex> filters(int plane) override { return cursor_->filters(plane); }

   private:
    const SomeFields& fields_;
    std::unique_ptr<FilterCursor> cursor_;
  };
  [[nodiscard]] int place(int group) const {
    return static_cast<int>(static_cast<long long>(group) * all_.n_groups() / count_);
  }
  const CoherentFields& all_;
  int count_;
};

template <class Worker, class T>
std::vector<std::vector<double>> images_of(const SpectrumView& spectrum, const CoherentFields& fields,
                                           BandGrid grid, const Progress& progress) {
  const typename Worker::Shared shared(spectrum, fields, grid);
  ProgressCounter counter(progress, static_cast<std::size_t>(fields.n_groups()));
  const auto sums = sum_groups<T>(fields.n_groups(), fields.n_planes(), shared.sum_size(), [&] {
    return [worker = std::make_unique<Worker>(shared), &counter](int group, auto& part) {
      worker->add(group, part);
      counter.add_one();
    };
  });
  std::vector<std::vector<double>> images;
  for (const LargeBuffer<double>& plane : sums) images.push_back(shared.samples(plane.values()));
  return images;
}

}  // namespace

std::vector<std::vector<double>> accumulate(const SpectrumView& spectrum, const CoherentFields& fields,
                                            BandGrid grid, const Progress& progress, Precision precision) {
  if (!math::has_line_plan(grid.nx) || !math::has_line_plan(grid.ny))
    return accumulate_by_fftw(spectrum, fields, grid, progress);
  return precision == Precision::float32
             ? images_of<LaneWorker<float>, float>(spectrum, fields, grid, progress)
             : images_of<LaneWorker<double>, double>(spectrum, fields, grid, progress);
}

double measure_rounding(const SpectrumView& spectrum, const CoherentFields& fields, BandGrid grid) {
  constexpr int kGroups = 16;
  const SomeFields some(fields, kGroups);
  const std::vector<double> exact =
                                std::move(accumulate(spectrum, some, grid, {}, Precision::float64).front()),
                            image =
                                std::move(accumulate(spectrum, some, grid, {}, Precision::float32).front());
  double largest = 0, difference = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    largest = std::max(largest, exact[i]);
    difference = std::max(difference, std::abs(image[i] - exact[i]));
  }
  return largest > 0 ? difference / largest : 0;
}

std::vector<std::vector<double>> accumulate_by_fftw(const SpectrumView& spectrum,
                                                    const CoherentFields& fields, BandGrid grid,
                                                    const Progress& progress) {
  return images_of<FftSumWorker, double>(spectrum, fields, grid, progress);
}

}  // namespace undulith::imaging
