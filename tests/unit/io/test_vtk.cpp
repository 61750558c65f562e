// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <cstdint>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "undulith/io/vtk.hpp"

using namespace undulith;

namespace {

struct Element {
  std::string name, parent;
  std::map<std::string, std::string> attributes;
};

// A VTK file taken apart as XML says, without a library: elements with their attributes in order, and the
// bytes of the appended data. Throws where the text is not well-formed.
class VtkFile {
 public:
  explicit VtkFile(std::string_view text) : text_(text) {
    take("<?xml version=\"1.0\"?>");
    std::vector<std::string> open;
    do {
      skip_space();
      if (accept("</")) {
        require(!open.empty() && word() == open.back(), "an end that ends nothing");
        open.pop_back();
        take(">");
        continue;
      }
      take("<");
      Element element{.name = word(), .parent = open.empty() ? "" : open.back(), .attributes = {}};
      for (skip_space(); !accept("/>"); skip_space()) {
        if (accept(">")) {
          open.push_back(element.name);
          break;
        }
        const std::string name = word();
        take("=\"");
        const std::size_t end = text_.find('"', at_);
        require(end != std::string_view::npos, "an attribute without end");
        const std::string value(text_.substr(at_, end - at_));
        require(value.find_first_of("<&") == std::string::npos, "an attribute with markup");
        require(element.attributes.emplace(name, value).second, "an attribute twice");
        at_ = end + 1;
      }
      elements.push_back(element);
      if (element.name == "AppendedData") {
        skip_space();
        take("_");
        data = text_.substr(at_, text_.rfind("</AppendedData>") - at_);
        at_ += data.size();
      }
    } while (!open.empty());
    skip_space();
    require(at_ == text_.size(), "text behind the last element");
  }

  [[nodiscard]] const Element& one(const std::string& name) const {
    const Element* found = nullptr;
    for (const Element& element : elements)
      if (element.name == name) {
        require(!found, "more than one " + name);
        found = &element;
      }
    require(found, "no " + name);
    return *found;
  }
  [[nodiscard]] std::vector<Element> all(const std::string& name) const {
    std::vector<Element> found;
    for (const Element& element : elements)
      if (element.name == name) found.push_back(element);
    return found;
  }
  /// Values of an appended array: a length in bytes, then so many bytes.
  template <class T>
  [[nodiscard]] std::vector<T> values(const Element& array) const {
    require(array.attributes.at("format") == "appended", "an array that is not appended");
    const std::size_t offset = std::stoul(array.attributes.at("offset"));
    std::uint64_t bytes = 0;
    require(offset + sizeof bytes <= data.size(), "an offset beyond the data");
    std::memcpy(&bytes, data.data() + offset, sizeof bytes);
    require(offset + sizeof bytes + bytes <= data.size() && bytes % sizeof(T) == 0,
            "a length beyond the data");
    std::vector<T> values(bytes / sizeof(T));
    if (bytes > 0) std::memcpy(values.data(), data.data() + offset + sizeof bytes, bytes);
    return values;
  }

  std::vector<Element> elements;
  std::string_view data;

 private:
  static void require(bool good, const std::string& what) {
    if (!good) throw std::runtime_error(what);
  }
  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  bool accept(std::string_view part) {
    if (text_.substr(at_, part.size()) != part) return false;
    at_ += part.size();
    return true;
  }
  void take(std::string_view part) { require(accept(part), "no " + std::string(part)); }
  std::string word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_'))
      ++at_;
    require(at_ > begin, "no name");
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

TEST_CASE("vtk: a film is an image with all its fields", "[unit][io]") {
  const Grid3D grid{.nx = 4, .ny = 3, .nz = 5, .x0 = -6.5, .y0 = 2, .dx = 1.5, .dy = 2, .dz = 0.5};
  Field3D<double> acid(grid), level(grid);
  for (std::size_t i = 0; i < grid.size(); ++i) {
    acid.values()[i] = 0.25 * static_cast<double>(i);
    level.values()[i] = -static_cast<double>(i);
  }
  // Bytes that look like markup must not matter.
  float markup = 0;
  std::memcpy(&markup, "</Ap", sizeof markup);
  acid.values()[3] = markup;
  const std::vector<io::NamedField> fields{{"acid", &acid}, {"resist_level", &level}};
  const std::string text = io::vti_text(fields);
  const VtkFile file(text);
  const Element& root = file.one("VTKFile");
  CHECK(root.attributes.at("type") == "ImageData");
  CHECK(root.attributes.at("byte_order") == "LittleEndian");
  CHECK(root.attributes.at("header_type") == "UInt64");
  const Element& image = file.one("ImageData");
  CHECK(image.attributes.at("WholeExtent") == "0 3 0 2 0 4");
  CHECK(image.attributes.at("Origin") == "-6.5 2 0");
  CHECK(image.attributes.at("Spacing") == "1.5 2 0.5");
  CHECK(file.one("Piece").attributes.at("Extent") == "0 3 0 2 0 4");
  CHECK(file.one("PointData").parent == "Piece");
  CHECK(file.one("AppendedData").parent == "VTKFile");
  CHECK(file.one("AppendedData").attributes.at("encoding") == "raw");
  const std::vector<Element> arrays = file.all("DataArray");
  REQUIRE(arrays.size() == 2);
  CHECK(arrays[0].attributes.at("Name") == "acid");
  CHECK(arrays[1].attributes.at("Name") == "resist_level");
  const auto of_acid = file.values<float>(arrays[0]), of_level = file.values<float>(arrays[1]);
  REQUIRE(of_acid.size() == grid.size());
  REQUIRE(of_level.size() == grid.size());
  // x fastest, as VTK has it; planes from the bottom of the film up.
  CHECK(of_level[grid.plane_size() + 4 + 2] == static_cast<float>(level(3, 1, 2)));
  for (int iz = 0; iz < grid.nz; ++iz)
    for (std::size_t k = 0; k < grid.plane_size(); ++k) {
      const std::size_t i = static_cast<std::size_t>(grid.nz - 1 - iz) * grid.plane_size() + k;
      REQUIRE(of_acid[i] == static_cast<float>(acid.plane(iz)[k]));
      REQUIRE(of_level[i] == static_cast<float>(level.plane(iz)[k]));
    }
  // Nothing between the arrays and nothing behind them but a line end.
  CHECK(file.data.size() == 2 * (8 + 4 * grid.size()) + 1);
}

TEST_CASE("vtk: films of one row, and of one column", "[unit][io]") {
  for (const Grid3D& grid : {Grid3D{.nx = 7, .ny = 1, .nz = 3}, Grid3D{.nx = 1, .ny = 1, .nz = 3}}) {
    const Field3D<double> field(grid, 2.5);
    const std::vector<io::NamedField> fields{{"field", &field}};
    const std::string text = io::vti_text(fields);
    const VtkFile file(text);
    CHECK(file.one("ImageData").attributes.at("WholeExtent") ==
          "0 " + std::to_string(grid.nx - 1) + " 0 0 0 2");
    CHECK(file.values<float>(file.one("DataArray")) == std::vector<float>(grid.size(), 2.5F));
  }
}

TEST_CASE("vtk: a surface is points and triangles", "[unit][io]") {
  const std::vector<std::array<double, 3>> points{{0, 0, 0}, {1, 0, 0.5}, {0, 1, 0}, {0, 0, -1.25}};
  const std::vector<std::array<int, 3>> triangles{{0, 1, 2}, {0, 2, 3}, {0, 3, 1}};
  const std::string text = io::vtp_text(points, triangles);
  const VtkFile file(text);
  CHECK(file.one("VTKFile").attributes.at("type") == "PolyData");
  const Element& piece = file.one("Piece");
  CHECK(piece.attributes.at("NumberOfPoints") == "4");
  CHECK(piece.attributes.at("NumberOfPolys") == "3");
  const std::vector<Element> arrays = file.all("DataArray");
  REQUIRE(arrays.size() == 3);
  CHECK(arrays[0].parent == "Points");
  CHECK(arrays[0].attributes.at("NumberOfComponents") == "3");
  CHECK(file.values<float>(arrays[0]) == std::vector<float>{0, 0, 0, 1, 0, 0.5F, 0, 1, 0, 0, 0, -1.25F});
  CHECK(arrays[1].parent == "Polys");
  CHECK(arrays[1].attributes.at("Name") == "connectivity");
  CHECK(file.values<std::int32_t>(arrays[1]) == std::vector<std::int32_t>{0, 1, 2, 0, 2, 3, 0, 3, 1});
  CHECK(arrays[2].attributes.at("Name") == "offsets");
  CHECK(file.values<std::int32_t>(arrays[2]) == std::vector<std::int32_t>{3, 6, 9});
}

TEST_CASE("vtk: a surface of nothing, and what is refused", "[unit][io]") {
  const std::string text = io::vtp_text({}, {});
  const VtkFile file(text);
  CHECK(file.one("Piece").attributes.at("NumberOfPoints") == "0");
  CHECK(file.values<float>(file.all("DataArray").at(0)).empty());

  const Field3D<double> a(Grid3D{.nx = 2, .ny = 2, .nz = 2}), b(Grid3D{.nx = 2, .ny = 2, .nz = 3});
  const std::vector<io::NamedField> fields{{"a", &a}, {"b", &b}};
  CHECK_THROWS_AS(io::vti_text(fields), std::invalid_argument);
  CHECK_THROWS_AS(io::vti_text({}), std::invalid_argument);
}
