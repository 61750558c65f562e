// SPDX-License-Identifier: MIT
#include "undulith/math/isosurface.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <unordered_map>

namespace undulith::math {
namespace {

// Six tetrahedra about the diagonal from corner 0 to corner 7; neighbouring cubes share their faces'
// diagonals. Corner bits: x = 1, y = 2, z = 4.
constexpr std::array<std::array<int, 4>, 6> kTetrahedra{
    {{0, 1, 3, 7}, {0, 3, 2, 7}, {0, 2, 6, 7}, {0, 6, 4, 7}, {0, 4, 5, 7}, {0, 5, 1, 7}}};

class Marcher {
 public:
  Marcher(const Field3D<double>& field, double level, bool close)
      : field_(field), grid_(field.grid()), level_(level), pad_(close ? 1 : 0) {
    for (const double v : field.values()) spread_ = std::max(spread_, std::abs(v - level));
  }

  Surface run() {
    const int nx = grid_.nx + 2 * pad_, ny = grid_.ny + 2 * pad_, nz = grid_.nz + 2 * pad_;
    for (int iz = 0; iz + 1 < nz; ++iz)
      for (int iy = 0; iy + 1 < ny; ++iy)
        for (int ix = 0; ix + 1 < nx; ++ix) cube(ix, iy, iz);
    return std::move(surface_);
  }

 private:
  struct Corner {
    std::int64_t id;
    std::array<double, 3> at;
    double value;
  };

  [[nodiscard]] Corner corner(int ix, int iy, int iz) const {
    const int x = ix - pad_, y = iy - pad_, z = iz - pad_;
    const bool within = x >= 0 && y >= 0 && z >= 0 && x < grid_.nx && y < grid_.ny && z < grid_.nz;
    // Outside lies far below the level, so that the cap falls onto the border.
    constexpr double kFar = 1e9;
    const double value = within ? field_(z, y, x) - level_ : -kFar * std::max(spread_, 1e-300);
    const auto wide = static_cast<std::int64_t>(grid_.nx + 2), high = static_cast<std::int64_t>(grid_.ny + 2);
    return {(iz * high + iy) * wide + ix, {grid_.x(x), grid_.y(y), grid_.z(z)}, value};
  }

  void cube(int ix, int iy, int iz) {
    std::array<Corner, 8> c;
    int above = 0;
    for (int k = 0; k < 8; ++k) {
      c[k] = corner(ix + (k & 1), iy + (k >> 1 & 1), iz + (k >> 2));
      above += c[k].value > 0;
    }
    if (above == 0 || above == 8) return;
    for (const auto& t : kTetrahedra) tetrahedron({&c[t[0]], &c[t[1]], &c[t[2]], &c[t[3]]});
  }

  void tetrahedron(std::array<const Corner*, 4> t) {
    const auto middle =
        std::stable_partition(t.begin(), t.end(), [](const Corner* c) { return c->value > 0; });
    const auto n = middle - t.begin();
    if (n == 0 || n == 4) return;
    if (n == 1) {
      triangle(point(*t[0], *t[1]), point(*t[0], *t[2]), point(*t[0], *t[3]), *t[0]);
    } else if (n == 3) {
      triangle(point(*t[3], *t[0]), point(*t[3], *t[1]), point(*t[3], *t[2]), *t[0]);
    } else {
      const int a = point(*t[0], *t[2]), b = point(*t[0], *t[3]), c = point(*t[1], *t[3]),
                d = point(*t[1], *t[2]);
      triangle(a, b, c, *t[0]);
      triangle(a, c, d, *t[0]);
    }
  }

  int point(const Corner& a, const Corner& b) {
    const auto key = std::pair(std::min(a.id, b.id), std::max(a.id, b.id));
    const auto [at, is_new] = known_.try_emplace(key, static_cast<int>(surface_.points.size()));
    if (is_new) {
      const double t = a.value / (a.value - b.value);
      surface_.points.push_back(
          {std::lerp(a.at[0], b.at[0], t), std::lerp(a.at[1], b.at[1], t), std::lerp(a.at[2], b.at[2], t)});
    }
    return at->second;
  }

  // Turned so that its normal points away from a corner within the body.
  void triangle(int a, int b, int c, const Corner& within) {
    if (a == b || b == c || a == c) return;
    const auto &pa = surface_.points[a], &pb = surface_.points[b], &pc = surface_.points[c];
    double volume = 0;
    for (int k = 0; k < 3; ++k) {
      const int l = (k + 1) % 3, m = (k + 2) % 3;
      volume +=
          ((pb[l] - pa[l]) * (pc[m] - pa[m]) - (pb[m] - pa[m]) * (pc[l] - pa[l])) * (within.at[k] - pa[k]);
    }
    surface_.triangles.push_back(volume <= 0 ? std::array{a, b, c} : std::array{a, c, b});
  }

  struct Hash {
    std::size_t operator()(const std::pair<std::int64_t, std::int64_t>& key) const {
      return std::hash<std::int64_t>()(key.first * 0x9e3779b97f4a7c15LL ^ key.second);
    }
  };
  const Field3D<double>& field_;
  Grid3D grid_;
  double level_, spread_ = 0;
  int pad_;
  Surface surface_;
  std::unordered_map<std::pair<std::int64_t, std::int64_t>, int, Hash> known_;
};

}  // namespace

Surface find_surface(const Field3D<double>& field, double level, bool close) {
  return Marcher(field, level, close).run();
}

}  // namespace undulith::math
