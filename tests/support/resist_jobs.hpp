// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "undulith/io/csv.hpp"

/// Jobs with a resist that cost next to nothing: few orders, few source points, one wavelength.
inline const std::string kSpaces = R"(title = "spaces"
[source]
kind = "monochromatic"
[illuminator]
shape = "conventional"
sigma_outer = 0.5
grid_points = 7
rim_levels = 0
[mask]
amplitudes = "given"
period_x_nm = 44
period_y_nm = 44
[[mask.rectangle]]
x0_nm = 11
x1_nm = 33
y0_nm = 0
y1_nm = 44
[throughput]
dose_mj_cm2 = 20
[metrology]
threshold = 0.3
placement = "given"
[[metrology.gauge]]
name = "space"
x_nm = 22
y_nm = 22
length_nm = 43
)";

/// The dark side of the same lines, as a second gauge.
inline const std::string kLineGauge = R"([[metrology.gauge]]
name = "line"
x_nm = 0
y_nm = 22
length_nm = 43
feature = "dark"
)";

inline const std::string kBlurred = "[resist]\nmodel = \"blurred_threshold\"\n";

/// A film in two dimensions on few nodes.
inline const std::string kFilm = R"([resist]
model = "chemically_amplified"
[resist.film]
thickness_nm = 24
lateral_step_nm = 2
depth_step_nm = 2
n_planes = 1
[resist.bake]
n_steps = 12
)";

inline std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// Lines of a CSV split at commas, the header first; empty fields stay.
inline std::vector<std::vector<std::string>> csv_rows(const std::filesystem::path& file) {
  std::istringstream stream(text_of(file));
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(stream, line);) {
    std::vector<std::string>& row = rows.emplace_back(1);
    for (const char c : line) {
      if (c == ',')
        row.emplace_back();
      else
        row.back() += c;
    }
  }
  return rows;
}

/// Place of a column by its name.
inline std::size_t column_of(const std::vector<std::vector<std::string>>& rows, const std::string& name) {
  const std::vector<std::string>& head = rows.at(0);
  const auto found = std::ranges::find(head, name);
  if (found == head.end()) throw std::runtime_error("no column " + name);
  return static_cast<std::size_t>(found - head.begin());
}

/// Words of a text that stand for no number: nan, inf and the like, in any file of the folder that is text.
inline std::string words_for_no_number(const std::filesystem::path& folder) {
  std::string found;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string ending = entry.path().extension().string();
    if (ending != ".csv" && ending != ".json" && ending != ".txt" && ending != ".toml") continue;
    std::string word;
    for (const char c : text_of(entry.path()) + " ") {
      if (std::isalpha(static_cast<unsigned char>(c))) {
        word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        continue;
      }
      if (word == "nan" || word == "inf" || word == "infinity")
        found += entry.path().filename().string() + ": " + word + "\n";
      word.clear();
    }
  }
  return found;
}
