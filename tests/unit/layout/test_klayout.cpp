// SPDX-License-Identifier: MIT
// KLayout as an independent referee: it reads what we write, merges it by itself, and must find the same
// areas.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "oasis_cases.hpp"
#include "support/third_party.hpp"

using namespace layout_test;
using nlohmann::json;
using undulith::Box;
using undulith::test::third_party;

namespace {

bool have_klayout() {
  return std::system("command -v klayout > /dev/null 2>&1") == 0;
}

/// A folder that is removed with its files.
struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("undulith_klayout_" + std::to_string(getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
};

/// Appends the GDSII files of a folder in the order of their names.
void add_gdsii_files(const std::filesystem::path& folder, std::vector<std::filesystem::path>& files) {
  const auto n_before = static_cast<std::ptrdiff_t>(files.size());
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".gds") files.push_back(entry.path());
  std::sort(files.begin() + n_before, files.end());
}

json ask_klayout(const Folder& folder, const json& tasks) {
  std::ofstream(folder.path / "job.json") << tasks;
  const std::string command = "QT_QPA_PLATFORM=offscreen klayout -b -r '" UNDULITH_SOURCE_DIR
                              "/tests/tools/klayout_areas.py' -rd job='" +
                              (folder.path / "job.json").string() + "' -rd answer='" +
                              (folder.path / "answer.json").string() + "' > '" +
                              (folder.path / "log").string() + "' 2>&1";
  INFO(command);
  REQUIRE(std::system(command.c_str()) == 0);
  return json::parse(std::ifstream(folder.path / "answer.json"));
}

/// Rings in nm as polygons of a cell RINGS in units of dbu_nm.
Layout rings_layout(const std::vector<Polygon>& rings, double dbu_nm) {
  Layout layout;
  layout.dbu_nm = dbu_nm;
  Cell& cell = layout.cells["RINGS"];
  cell.name = "RINGS";
  for (const Polygon& ring : rings) {
    Shape shape{{1, 0}, {}};
    for (const Point& p : ring)
      shape.vertices.push_back({std::llround(p.x / dbu_nm), std::llround(p.y / dbu_nm)});
    cell.shapes.push_back(shape);
  }
  return layout;
}

/// Rectangles only, so that quarter turns keep everything on the grid.
Layout manhattan(Layout layout) {
  for (auto& [name, cell] : layout.cells) {
    for (Shape& s : cell.shapes) {
      DbuPoint lo = s.vertices[0], hi = s.vertices[0];
      for (const DbuPoint& p : s.vertices) {
        lo = {std::min(lo.x, p.x), std::min(lo.y, p.y)}, hi = {std::max(hi.x, p.x), std::max(hi.y, p.y)};
      }
      s = rectangle(lo.x, lo.y, hi.x, hi.y, s.layer);
    }
    // KLayout keeps the steps of an array as whole database units.
    for (Reference& r : cell.references) {
      for (double* step : {&r.column_step_x, &r.column_step_y, &r.row_step_x, &r.row_step_y})
        *step = std::round(*step);
    }
  }
  return layout;
}

/// The same drawing on a grid of 1 pm, on which both sides round in the same way.
Layout on_picometres(Layout layout) {
  const std::int64_t factor = 200;
  layout.dbu_nm = 0.001;
  for (auto& [name, cell] : layout.cells) {
    for (Shape& s : cell.shapes) {
      for (DbuPoint& p : s.vertices) p = {factor * p.x, factor * p.y};
    }
    for (Reference& r : cell.references) {
      r.origin = {factor * r.origin.x, factor * r.origin.y};
      for (double* step : {&r.column_step_x, &r.column_step_y, &r.row_step_x, &r.row_step_y}) {
        *step = std::round(*step) * static_cast<double>(factor);
      }
    }
  }
  return layout;
}

}  // namespace

TEST_CASE("klayout: areas of our files agree, and nothing is left of the difference",
          "[validation][layout]") {
  if (!have_klayout()) {
    WARN("skipped: klayout is not on the path");
    return;
  }
  const Folder folder;
  std::vector<Layout> layouts;
  constexpr int kExact = 12, kTurned = 24;  // whole-number placements first
  for (int i = 0; i < kExact; ++i) layouts.push_back(manhattan(random_layout(100 + i, true)));
  for (int i = kExact; i < kTurned; ++i) layouts.push_back(on_picometres(random_layout(200 + i)));
  json tasks = json::array();
  for (std::size_t i = 0; i < layouts.size(); ++i) {
    const auto file = folder.path / ("layout" + std::to_string(i) + ".gds");
    save(file, write_gdsii(layouts[i]));
    tasks.push_back({{"hierarchy", file.string()}, {"cell", "TOP"}});
    if (bounding_box(layouts[i], "TOP", LayerId{1, 0})) {
      const auto rings = folder.path / ("rings" + std::to_string(i) + ".gds");
      const Clip clip = make_clip(layouts[i], {.cell = "TOP", .boundary = Boundary::periodic});
      save(rings, write_gdsii(rings_layout(clip.rings, layouts[i].dbu_nm)));
      tasks.back()["rings"] = rings.string();
    }
  }
  const json answers = ask_klayout(folder, tasks);
  REQUIRE(answers.size() == layouts.size());
  for (std::size_t i = 0; i < layouts.size(); ++i) {
    const Layout& layout = layouts[i];
    const double unit = layout.dbu_nm * layout.dbu_nm;
    INFO("layout " << i);
    CHECK(answers[i]["dbu_nm"].get<double>() == Approx(layout.dbu_nm).epsilon(1e-12));
    const auto summary = summarise(layout, "TOP");
    REQUIRE(summary.size() == answers[i]["layers"].size());
    for (const LayerSummary& s : summary) {
      const json& theirs = answers[i]["layers"][std::to_string(s.layer.layer) + "/0"];
      CHECK(s.n_polygons == theirs["n_polygons"].get<std::int64_t>());
      if (i < kExact) {
        CHECK(s.area_nm2 == Approx(theirs["area"].get<double>() * unit).epsilon(1e-12));
        const auto box = theirs["box"].get<std::vector<double>>();
        CHECK(s.box_nm.x0 == Approx(box[0] * layout.dbu_nm).epsilon(1e-12));
        CHECK(s.box_nm.y1 == Approx(box[3] * layout.dbu_nm).epsilon(1e-12));
      } else if (s.layer.layer == 1) {
        // KLayout rounds the vertices of each placed polygon as we do, but intersections by its own rule: 1
        // pm a side.
        CHECK(s.area_nm2 ==
              Approx(theirs["area"].get<double>() * unit).margin(1e-3 * outline_nm(layout, "TOP")));
      }
    }
    if (answers[i].contains("xor")) {
      CHECK(answers[i]["xor_wide"].get<double>() == 0);
      if (i < kExact) CHECK(answers[i]["xor"].get<double>() == 0);
    }
  }
}

TEST_CASE("klayout: standard cells with paths and the layouts of the project agree", "[validation][layout]") {
  if (!have_klayout()) {
    WARN("skipped: klayout is not on the path");
    return;
  }
  std::vector<std::filesystem::path> files;
  add_gdsii_files(UNDULITH_SOURCE_DIR "/masks", files);
  if (const auto sky130 = third_party("layouts/sky130")) add_gdsii_files(*sky130, files);
  const Folder folder;
  json tasks = json::array();
  for (const auto& file : files) {
    tasks.push_back({{"hierarchy", file.string()}, {"cell", read_layout(file).top_cells().at(0)}});
  }
  const json answers = ask_klayout(folder, tasks);
  for (std::size_t i = 0; i < files.size(); ++i) {
    INFO(files[i]);
    const Layout layout = read_layout(files[i]);
    const auto summary = summarise(layout, tasks[i]["cell"].get<std::string>());
    CHECK(summary.size() == answers[i]["layers"].size());
    for (const LayerSummary& s : summary) {
      const json& theirs =
          answers[i]["layers"][std::to_string(s.layer.layer) + "/" + std::to_string(s.layer.datatype)];
      CHECK(s.n_polygons == theirs["n_polygons"].get<std::int64_t>());
      CHECK(s.area_nm2 ==
            Approx(theirs["area"].get<double>() * layout.dbu_nm * layout.dbu_nm).epsilon(1e-12));
    }
  }
}

TEST_CASE("klayout: OASIS files made by hand draw the same polygons", "[validation][layout]") {
  if (!have_klayout()) {
    WARN("skipped: klayout is not on the path");
    return;
  }
  const Folder folder;
  const std::vector<OasisCase> cases = oasis_cases();
  json tasks = json::array();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto stem = folder.path / std::to_string(i);
    save(stem.string() + ".oas", cases[i].bytes);
    const Layout layout = read_oasis(cases[i].bytes, cases[i].name);
    save(stem.string() + "_ours.oas", write_oasis(layout, OasisCells::compressed));
    tasks.push_back(
        {{"hierarchy", stem.string() + ".oas"}, {"cell", "TOP"}, {"same_as", stem.string() + "_ours.oas"}});
  }
  const json answers = ask_klayout(folder, tasks);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    INFO(cases[i].name);
    const json& theirs = answers[i]["layers"]["1/0"];
    CHECK(answers[i]["dbu_nm"].get<double>() == Approx(1).epsilon(1e-12));
    CHECK(theirs["n_polygons"].get<std::int64_t>() ==
          summarise(read_oasis(cases[i].bytes, "again"), "TOP").at(0).n_polygons);
    if (cases[i].exact) {
      CHECK(theirs["area"].get<double>() == cases[i].area);
      CHECK(answers[i]["difference"].get<double>() == 0);
    } else {
      CHECK(theirs["area"].get<double>() == Approx(cases[i].area).epsilon(0.03));
    }
    CHECK(theirs["box"].get<std::vector<double>>() ==
          std::vector<double>{cases[i].box.x0, cases[i].box.y0, cases[i].box.x1, cases[i].box.y1});
  }
}

TEST_CASE("klayout: OASIS and GDSII agree in both directions", "[validation][layout]") {
  if (!have_klayout()) {
    WARN("skipped: klayout is not on the path");
    return;
  }
  const Folder folder;
  std::vector<Layout> layouts;
  std::vector<std::string> tops;
  for (int i = 0; i < 24; ++i)
    layouts.push_back(i < 12 ? manhattan(random_layout(300 + i)) : random_layout(300 + i));
  for (Layout& layout : layouts) {
    tops.push_back("TOP");
    for (auto& [name, cell] : layout.cells) {
      for (Reference& r : cell.references) {
        for (double* step : {&r.column_step_x, &r.column_step_y, &r.row_step_x, &r.row_step_y})
          *step = std::round(*step);
      }
    }
  }
  std::vector<std::filesystem::path> files{UNDULITH_SOURCE_DIR "/masks/logic_metal_p36.gds",
                                           UNDULITH_SOURCE_DIR "/masks/siemens_star.gds"};
  if (const auto sky130 = third_party("layouts/sky130")) add_gdsii_files(*sky130, files);
  for (const auto& file : files) {
    layouts.push_back(read_layout(file));
    tops.push_back(layouts.back().top_cells().at(0));
  }
  json tasks = json::array();
  for (std::size_t i = 0; i < layouts.size(); ++i) {
    const std::string stem = (folder.path / ("layout" + std::to_string(i))).string();
    save(stem + ".gds", write_gdsii(layouts[i]));
    save(stem + ".oas", write_oasis(layouts[i], i % 2 == 0 ? OasisCells::plain : OasisCells::compressed));
    tasks.push_back({{"hierarchy", stem + ".gds"},
                     {"cell", tops[i]},
                     {"same_as", stem + ".oas"},
                     {"convert", stem + "_theirs.oas"}});
  }
  const json answers = ask_klayout(folder, tasks);
  for (std::size_t i = 0; i < layouts.size(); ++i) {
    INFO("layout " << i << " " << tops[i]);
    CHECK(answers[i]["difference"].get<double>() == 0);
    const Layout theirs = read_layout(folder.path / ("layout" + std::to_string(i) + "_theirs.oas"));
    CHECK(theirs.warnings.empty());
    CHECK(theirs.dbu_nm == Approx(layouts[i].dbu_nm).epsilon(1e-12));
    const auto ours = summarise(layouts[i], tops[i]), back = summarise(theirs, tops[i]);
    REQUIRE(ours.size() == back.size());
    for (std::size_t k = 0; k < ours.size(); ++k) {
      CHECK(ours[k].layer == back[k].layer);
      CHECK(ours[k].n_polygons == back[k].n_polygons);
      CHECK(ours[k].area_nm2 == Approx(back[k].area_nm2).epsilon(1e-12));
      CHECK(ours[k].box_nm.x1 == Approx(back[k].box_nm.x1).epsilon(1e-12));
    }
  }
}
