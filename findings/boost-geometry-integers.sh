#!/bin/sh
# SPDX-License-Identifier: MIT
# Boost.Geometry: the union of two crossing bars is empty or garbage for integer coordinates above some 1e5
# (32 bits) or some 1e7 (64 bits).
#
# Software: Boost 1.74.0 (Debian libboost1.74-dev 1.74.0+ds1-21), any C++17 compiler.
# Expected: integer points are in the documentation (model::d2::point_xy<int>), without a limit of size. A bar
#   of 10 x 2 units and one of 2 x 8 units across it, both parallel to the axes: union 32, intersection 4
#   square units. All crossings are integers; nothing has to be rounded.
# Seen: union and intersection divided by the exact areas; u is the unit, the largest coordinate is 10 u
#     int,  u = 5000          1, 1
#     int,  u = 10000         1.6951, 0     no exception; the union has corners at x = 185608 and x = -85608
#     int,  u = 20000         0, 2.7807     the union is empty
#     int64, u = 100000       1, 1
#     int64, u = 10000000     0.7500, 0
#     int64, u = 100000000    0.7500, 0
#     double, u = 100000000   1, 1
#   Products of several coordinate differences are kept in the type of the coordinates, so that they wrap. For
#   int it is an open report (boostorg/geometry issue 653). The area of the inputs is right, and is_valid
#   accepts them.
# Field: 0.1 mm on a grid of 1 nm is 1e5; a 100 mm mask is 1e8.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/lists/partial" "$dir/root"
cd "$dir"
debian() {
  apt-get -qq -o APT::Sandbox::User=root -o Dir::State::lists="$dir/lists" -o Dir::Cache="$dir/cache" "$@"
}
debian update
debian download libboost1.74-dev=1.74.0+ds1-21
dpkg-deb -x libboost1.74-dev_*.deb root

cat > bars.cpp <<'END'
#include <boost/geometry.hpp>
#include <boost/geometry/geometries/multi_polygon.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/geometries/polygon.hpp>
#include <cstdint>
#include <cstdio>
namespace bg = boost::geometry;

template <class Number>
void cross(const char* name, Number u) {
  using Point = bg::model::d2::point_xy<Number>;
  using Polygon = bg::model::polygon<Point, false>;
  const Number none = 0;
  const Polygon lying{{{none, none}, {10 * u, none}, {10 * u, 2 * u}, {none, 2 * u}, {none, none}}};
  const Polygon standing{{{4 * u, -3 * u}, {6 * u, -3 * u}, {6 * u, 5 * u}, {4 * u, 5 * u}, {4 * u, -3 * u}}};
  bg::model::multi_polygon<Polygon> all, both;
  bg::union_(lying, standing, all);
  bg::intersection(lying, standing, both);
  const double unit = static_cast<double>(u) * static_cast<double>(u);
  const bool valid = bg::is_valid(lying) && bg::is_valid(standing) && bg::area(lying) == 20 * unit;
  const double a = static_cast<double>(bg::area(all)) / (32 * unit);
  const double b = static_cast<double>(bg::area(both)) / (4 * unit);
  std::fprintf(stderr, "%s %.0f: union %.4f intersection %.4f\n", name, static_cast<double>(u), a, b);
  std::printf("%s %.0f %s %s %s\n", name, static_cast<double>(u), valid ? "valid" : "invalid",
              a == 1 ? "right" : "wrong", b == 1 ? "right" : "wrong");
}

int main() {
  for (const int u : {5000, 10000, 20000}) cross<int>("int", u);
  for (const std::int64_t u : {100000, 10000000, 100000000}) cross<std::int64_t>("int64", u);
  cross<double>("double", 1e8);
}
END
c++ -std=c++17 -O1 -w -isystem root/usr/include bars.cpp -o bars 2> log || { cat log; exit 2; }
./bars > out
cat > expected <<'END'
int 5000 valid right right
int 10000 valid wrong wrong
int 20000 valid wrong wrong
int64 100000 valid right right
int64 10000000 valid wrong wrong
int64 100000000 valid wrong wrong
double 100000000 valid right right
END
diff expected out || { echo "changed: see the lines above (< as described, > now)"; exit 1; }
echo "seen as described"
