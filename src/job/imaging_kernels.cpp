// SPDX-License-Identifier: MIT
#include "undulith/job/imaging_kernels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "undulith/core/error.hpp"
#include "undulith/io/files.hpp"
#include "undulith/io/npy.hpp"

namespace undulith::job {
namespace {

namespace fs = std::filesystem;
using Complex = std::complex<double>;
using imaging::SocsKernels;

constexpr double kContestPeriodNm = 2048;  // of the kernels of the ICCAD 2013 contest

std::string shape_text(const std::vector<std::size_t>& shape) {
  std::string text;
  for (const std::size_t n : shape) text += (text.empty() ? "" : " x ") + std::to_string(n);
  return text.empty() ? "a single number" : text;
}

template <class T>
void require_finite(const std::vector<T>& values, const fs::path& file) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(std::abs(values[i])))
      throw InputError(fmt::format(
          "{} holds a value that is not finite (element {}); compute the kernels again", file.string(), i));
}

// Kernels of the contest come as (n, n, K) from some of their users.
io::NpyComplexArray kernel_first(io::NpyComplexArray array) {
  const auto& s = array.shape;
  if (s.size() != 3 || s[0] != s[1] || s[1] == s[2]) return array;
  io::NpyComplexArray turned{{s[2], s[0], s[1]}, std::vector<Complex>(array.values.size())};
  const std::size_t n = s[0] * s[1];
  for (std::size_t f = 0; f < n; ++f)
    for (std::size_t k = 0; k < s[2]; ++k) turned.values[k * n + f] = array.values[f * s[2] + k];
  return turned;
}

std::vector<double> weights_beside(const fs::path& file, std::size_t n_kernels) {
  for (const char* name : {"eigenvalues.npy", "scales.npy"}) {
    const fs::path beside = file.parent_path() / name;
    if (!fs::exists(beside)) continue;
    const io::NpyArray array = io::read_npy(beside);
    if (array.values.size() != n_kernels)
      throw InputError(fmt::format("{} holds {} numbers ({} holds {} kernels); give one for each",
                                   beside.string(), array.values.size(), file.string(), n_kernels));
    require_finite(array.values, beside);
    for (const double value : array.values)
      if (value < 0)
        throw InputError(fmt::format("{} holds {} (an eigenvalue is >= 0); compute the kernels again",
                                     beside.string(), value));
    return array.values;
  }
  throw InputError(
      fmt::format("{} has neither eigenvalues.npy nor scales.npy beside it (one number for each kernel); "
                  "add it",
                  file.string()));
}

template <class Array>
auto same_orders(Array array, const fs::path& file, std::size_t ny, std::size_t nx) {
  const auto& s = array.shape;
  if (s.size() < 2 || s[s.size() - 1] != nx || s[s.size() - 2] != ny)
    throw InputError(fmt::format("{} is {} (the kernels beside it are {} x {}); make them anew",
                                 file.string(), shape_text(s), ny, nx));
  require_finite(array.values, file);
  return std::move(array.values);
}

struct Description {
  double period_x_nm = 0, period_y_nm = 0;
  std::optional<double> next_eigenvalue;
};

Description describe(const fs::path& file, double period_nm) {
  const fs::path beside = file.parent_path() / "kernels.json";
  Description description{kContestPeriodNm, kContestPeriodNm, {}};
  if (fs::exists(beside)) {
    try {
      const auto json = nlohmann::json::parse(io::read_text(beside));
      description.period_x_nm = json.at("period_x_nm").get<double>();
      description.period_y_nm = json.at("period_y_nm").get<double>();
      if (json.contains("next_eigenvalue") && json["next_eigenvalue"].is_number())
        description.next_eigenvalue = json["next_eigenvalue"].get<double>();
    } catch (const nlohmann::json::exception&) {
      throw InputError(
          fmt::format("{} does not describe kernels (it needs the numbers period_x_nm and period_y_nm); "
                      "make the kernels anew, or remove it and give imaging.kernel_period_nm",
                      beside.string()));
    }
  }
  if (period_nm > 0) description.period_x_nm = description.period_y_nm = period_nm;
  if (!(description.period_x_nm > 0 && description.period_y_nm > 0))
    throw InputError(
        fmt::format("{} gives a period that is not > 0; give the period of the cell in nm", beside.string()));
  return description;
}

}  // namespace

SocsKernels read_kernels(const fs::path& file, double period_nm) {
  io::NpyComplexArray array = kernel_first(io::read_npy_complex(file));
  if (array.shape.size() != 3)
    throw InputError(fmt::format("{} is {} (must be kernels x rows x columns); save the kernels as one array",
                                 file.string(), shape_text(array.shape)));
  const std::size_t n_kernels = array.shape[0], ny = array.shape[1], nx = array.shape[2];
  if (n_kernels == 0 || nx % 2 == 0 || ny % 2 == 0)
    throw InputError(
        fmt::format("{} is {} (at least one kernel, with odd numbers of rows and columns, so that the zero "
                    "order stands in the middle); cut or pad the kernels",
                    file.string(), shape_text(array.shape)));
  require_finite(array.values, file);
  const Description description = describe(file, period_nm);
  SocsKernels kernels{.period_x_nm = description.period_x_nm,
                      .period_y_nm = description.period_y_nm,
                      .max_order_x = static_cast<int>(nx / 2),
                      .max_order_y = static_cast<int>(ny / 2),
                      .eigenvalues = weights_beside(file, n_kernels),
                      .values = std::move(array.values),
                      .left_out = {},
                      .probes = {},
                      .next_eigenvalue = description.next_eigenvalue};
  if (const fs::path beside = file.parent_path() / "left_out.npy"; fs::exists(beside))
    kernels.left_out = same_orders(io::read_npy(beside), beside, ny, nx);
  if (const fs::path beside = file.parent_path() / "probes.npy"; fs::exists(beside))
    kernels.probes = same_orders(io::read_npy_complex(beside), beside, ny, nx);
  return kernels;
}

std::vector<fs::path> files_beside_kernels(const fs::path& file) {
  std::vector<fs::path> files;
  for (const char* name : {"kernels.json", "eigenvalues.npy", "scales.npy", "left_out.npy", "probes.npy"})
    if (const fs::path beside = file.parent_path() / name; fs::exists(beside)) files.push_back(beside);
  return files;
}

}  // namespace undulith::job
