// SPDX-License-Identifier: MIT
// The layout report and the pattern writer.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "undulith/core/error.hpp"
#include "undulith/layout/gdsii.hpp"
#include "undulith/layout/layout_file.hpp"
#include "undulith/program/layout_report.hpp"
#include "undulith/program/pattern_file.hpp"

using namespace undulith;
using Catch::Matchers::Contains;

namespace {

struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("undulith_layout_report_" + std::to_string(getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
};

std::string content(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST_CASE("layout report: cells, top cells and layers of a file", "[unit][program]") {
  const std::filesystem::path file = UNDULITH_SOURCE_DIR "/masks/line_space_p36.gds";
  const program::LayoutReport report = program::report_layout(file);
  CHECK(report.dbu_nm == 0.25);
  CHECK(report.top_cells == std::vector<std::string>{"LINE_SPACE"});
  REQUIRE(report.cells.size() == 1);
  CHECK(report.cells[0].n_shapes == 27);
  CHECK(report.cells[0].top);
  REQUIRE(report.contents.size() == 1);
  REQUIRE(report.contents[0].layers.size() == 1);
  const program::LayerReport& layer = report.contents[0].layers[0];
  CHECK(layer.layer == 1);
  CHECK(layer.n_polygons == 27);
  CHECK(layer.area_nm2 == 27 * 18.0 * 1000);
  CHECK(layer.area_merged);
  CHECK(layer.box_nm == Box{-477, -500, 477, 500});

  CHECK_THAT(program::layout_text(report), Contains("LINE_SPACE") && Contains("1/0") && Contains("486000") &&
                                               Contains("database unit 0.25 nm") && Contains("954 x 1000"));
  const auto json = nlohmann::json::parse(program::layout_json(report));
  CHECK(json["dbu_nm"] == 0.25);
  CHECK(json["cells"][0]["n_shapes"] == 27);
  CHECK(json["contents"][0]["layers"][0]["area_nm2"] == 486000.0);
  CHECK(json["contents"][0]["layers"][0]["box_nm"] == std::vector<double>{-477, -500, 477, 500});
  CHECK(json["warnings"].empty());

  CHECK(program::report_layout(file, "LINE_SPACE").contents.size() == 1);
  CHECK_THROWS_AS(program::report_layout(file, "NO_SUCH_CELL"), InputError);
  CHECK_THROWS_AS(program::report_layout("no_such_file.gds"), InputError);
}

TEST_CASE("layout report: names that are not text do not break the JSON", "[unit][program]") {
  const Folder folder;
  layout::Layout layout;
  layout.cells["A\xFF\""] = {"A\xFF\"", {}, {}};
  layout.cells["B"] = {"B", {}, {{.cell = "GHOST"}}};
  const std::vector<std::byte> bytes = layout::write_gdsii(layout);
  std::ofstream(folder.path / "x.gds", std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  const program::LayoutReport report = program::report_layout(folder.path / "x.gds");
  const auto json = nlohmann::json::parse(program::layout_json(report));
  CHECK(json["top_cells"].size() == 2);
  CHECK(json["contents"][0]["layers"].empty());
  CHECK_THAT(program::layout_text(report), Contains("nothing is drawn") && Contains("warning: cell 'GHOST'"));
}

TEST_CASE("pattern file: written once, replaced only when asked, the same bytes each time",
          "[unit][program]") {
  const Folder folder;
  const auto file = folder.path / "line_space_p36.gds";
  const std::string line = program::write_pattern({}, file);
  CHECK_THAT(line,
             Contains("LINE_SPACE") && Contains("27 polygons on layer 1/0") && Contains("954 x 1000 nm"));
  CHECK(line.find('\n') == std::string::npos);
  CHECK((content(file) == content(UNDULITH_SOURCE_DIR "/masks/line_space_p36.gds")));
  CHECK_THROWS_WITH(program::write_pattern({.width_nm = 20}, file), Contains("the file exists"));
  CHECK((content(file) == content(UNDULITH_SOURCE_DIR "/masks/line_space_p36.gds")));
  (void)program::write_pattern({.width_nm = 20}, file, program::ExistingFile::replace);
  CHECK((content(file) != content(UNDULITH_SOURCE_DIR "/masks/line_space_p36.gds")));
  program::write_pattern({}, folder.path / "x.oas");
  CHECK(program::report_layout(folder.path / "x.oas").contents.at(0).layers.at(0).area_nm2 ==
        27 * 18.0 * 1000);
  CHECK_THROWS_AS(program::write_pattern({}, folder.path / "x.dxf"), InputError);
  CHECK_THROWS_AS(program::write_pattern({.width_nm = 99}, folder.path / "y.gds"), InputError);
  CHECK_FALSE(std::filesystem::exists(folder.path / "y.gds"));
}

TEST_CASE("pattern file: names of the patterns", "[unit][program]") {
  const std::vector<std::string> names = program::pattern_names();
  REQUIRE(names.size() == 5);
  for (std::size_t i = 0; i < names.size(); ++i)
    CHECK(static_cast<std::size_t>(program::pattern_kind(names[i])) == i);
  CHECK_THROWS_WITH(program::pattern_kind("zebra"), Contains("line_space, contact_array"));
}
