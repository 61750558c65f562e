// SPDX-License-Identifier: MIT
#include "undulith/io/vtk.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <stdexcept>

#include "undulith/io/finite.hpp"

namespace undulith::io {
namespace {

static_assert(std::endian::native == std::endian::little, "the files are little-endian");

// One appended array: its length in bytes, then its values.
class Appended {
 public:
  /// @return  offset of the array
  template <class T>
  std::size_t add(const std::vector<T>& values) {
    const std::size_t offset = bytes_.size();
    const std::uint64_t length = values.size() * sizeof(T);
    append(&length, sizeof length);
    append(values.data(), length);
    return offset;
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  void append(const void* data, std::size_t length) { bytes_.append(static_cast<const char*>(data), length); }
  std::string bytes_;
};

std::string document(const std::string& kind, const std::string& body, const Appended& data) {
  return fmt::format(
      "<?xml version=\"1.0\"?>\n<VTKFile type=\"{}\" version=\"1.0\" byte_order=\"LittleEndian\" "
      "header_type=\"UInt64\">\n{}<AppendedData encoding=\"raw\">\n_{}\n</AppendedData>\n</VTKFile>\n",
      kind, body, data.bytes());
}

}  // namespace

std::string vti_text(std::span<const NamedField> fields) {
  if (fields.empty()) throw std::invalid_argument("vti_text: needs at least one field");
  const Grid3D grid = fields.front().field->grid();
  Appended data;
  std::string arrays;
  for (const NamedField& one : fields) {
    if (one.field->grid() != grid) throw std::invalid_argument("vti_text: the fields have different grids");
    std::vector<float> values;
    for (int iz = grid.nz - 1; iz >= 0; --iz) {
      const auto plane = one.field->plane(iz);
      for (const double value : plane)
        if (!std::isfinite(value)) refuse_result("film.vti", one.name, fmt::format("{}", value));
      values.insert(values.end(), plane.begin(), plane.end());
    }
    const std::size_t offset = data.add(values);
    arrays += fmt::format("<DataArray type=\"Float32\" Name=\"{}\" format=\"appended\" offset=\"{}\"/>\n",
                          one.name, offset);
  }
  const std::string extent = fmt::format("0 {} 0 {} 0 {}", grid.nx - 1, grid.ny - 1, grid.nz - 1);
  const std::string body = fmt::format(
      "<ImageData WholeExtent=\"{0}\" Origin=\"{1} {2} 0\" Spacing=\"{3} {4} {5}\">\n<Piece Extent=\"{0}\">\n"
      "<PointData>\n{6}</PointData>\n</Piece>\n</ImageData>\n",
      extent, grid.x0, grid.y0, grid.dx, grid.dy, grid.dz, arrays);
  return document("ImageData", body, data);
}

std::string vtp_text(std::span<const std::array<double, 3>> points,
                     std::span<const std::array<int, 3>> triangles) {
  std::vector<float> coordinates;
  for (const auto& point : points)
    for (const double value : point) {
      if (!std::isfinite(value)) refuse_result("profile.vtp", "position_nm", fmt::format("{}", value));
      coordinates.push_back(static_cast<float>(value));
    }
  std::vector<std::int32_t> corners, ends;
  for (const auto& triangle : triangles) {
    corners.insert(corners.end(), triangle.begin(), triangle.end());
    ends.push_back(static_cast<std::int32_t>(corners.size()));
  }
  Appended data;
  const std::size_t at_points = data.add(coordinates), at_corners = data.add(corners),
                    at_ends = data.add(ends);
  const std::string body = fmt::format(
      "<PolyData>\n<Piece NumberOfPoints=\"{}\" NumberOfPolys=\"{}\">\n<Points>\n<DataArray type=\"Float32\" "
      "NumberOfComponents=\"3\" Name=\"position_nm\" format=\"appended\" "
      "offset=\"{}\"/>\n</Points>\n<Polys>\n"
      "<DataArray type=\"Int32\" Name=\"connectivity\" format=\"appended\" offset=\"{}\"/>\n<DataArray "
      "type=\"Int32\" Name=\"offsets\" format=\"appended\" "
      "offset=\"{}\"/>\n</Polys>\n</Piece>\n</PolyData>\n",
      points.size(), triangles.size(), at_points, at_corners, at_ends);
  return document("PolyData", body, data);
}

}  // namespace undulith::io
