// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "oasis_support.hpp"

namespace layout_test {

/// A file made by hand, and what it draws on layer 1/0 below TOP.
struct OasisCase {
  std::string name;
  std::vector<std::byte> bytes;
  double area;
  undulith::Box box;
  bool exact = true;  ///< every reader must draw the very same polygons
};

/// One for each kind of record, list of points and repetition.
inline std::vector<OasisCase> oasis_cases() {
  std::vector<OasisCase> out;
  const auto add = [&](std::string name, double area, undulith::Box box,
                       const std::function<void(Oasis&)>& body, bool exact = true) {
    Oasis file;
    file.start().cell();
    body(file);
    out.push_back({std::move(name), file.end().bytes(), area, box, exact});
  };
  add("rectangle", 30 * 20, {-5, 7, 25, 27}, [](Oasis& o) { o.rectangle(-5, 7, 30, 20); });
  add("square", 30 * 30, {-5, 7, 25, 37}, [](Oasis& o) { o.raw({20, 0xDB}).u({1, 0, 30}).s({-5, 7}); });
  add("modal values", 3 * 30 * 20 + 10 * 20, {-5, 7, 225, 60}, [](Oasis& o) {
    o.rectangle(-5, 7, 30, 20)
        .raw({20, 0x10})
        .s({95})
        .raw({20, 0x18})
        .s({195, 40})
        .raw({20, 0x50})
        .u({10})
        .s({50});
  });
  add("square sets the height", 2 * 30 * 30, {0, 0, 130, 30}, [](Oasis& o) {
    o.raw({20, 0xDB}).u({1, 0, 30}).s({0, 0}).raw({20, 0x10}).s({100});
  });
  add("relative coordinates", 3 * 100, {10, 10, 50, 35}, [](Oasis& o) {
    o.raw({16}).rectangle(10, 10, 10, 10).raw({20, 0x18}).s({15, 15}).raw({15, 20, 0x10}).s({40});
  });

  // Point lists. Types 0 and 1: an L of 20 x 30 with arms of 10.
  add("points 0", 10 * 30 + 10 * 10, {5, 5, 25, 35}, [](Oasis& o) {
    o.raw({21, 0x3B}).layer().u({0, 4}).s({20, 10, -10, 20}).s({5, 5});
  });
  add("points 1", 10 * 30 + 10 * 10, {5, 5, 25, 35}, [](Oasis& o) {
    o.raw({21, 0x3B}).layer().u({1, 4}).s({30, 10, -20, 10}).s({5, 5});
  });
  // Type 2: directions east 0, north 1, west 2, south 3.
  add("points 2", 10 * 30 + 10 * 10, {5, 5, 25, 35}, [](Oasis& o) {
    o.raw({21, 0x3B})
        .layer()
        .u({2, 5, 20 << 2, 10 << 2 | 1, 10 << 2 | 2, 20 << 2 | 1, 10 << 2 | 2})
        .s({5, 5});
  });
  // Type 3: north-east 4, north-west 5, south-west 6, south-east 7: an octagon of side 10 and 10 sqrt 2.
  add("points 3", 30 * 30 - 4 * 50, {0, 0, 30, 30}, [](Oasis& o) {
    o.raw({21, 0x3B})
        .layer()
        .u({3, 7, 10 << 3, 10 << 3 | 4, 10 << 3 | 1, 10 << 3 | 5, 10 << 3 | 2, 10 << 3 | 6, 10 << 3 | 3});
    o.s({10, 0});
  });
  // Type 4: both forms of g-deltas.
  add("points 4", 40 * 30 / 2.0, {0, 0, 40, 30}, [](Oasis& o) {
    o.raw({21, 0x3B}).layer().u({4, 2, 40 << 4}).g(-10, 30).s({0, 0});
  });
  // Type 5: (30, 0), then + (-30, 20) = (0, 20), then + (-30, -20) = (-30, 0).
  add("points 5", 600, {0, 0, 30, 20}, [](Oasis& o) {
    o.raw({21, 0x3B}).layer().u({5, 3}).g(30, 0).g(-30, 20).g(-30, -20).s({0, 0});
  });
  add("points reused", 2 * 600, {0, 0, 130, 20}, [](Oasis& o) {
    o.raw({21, 0x3B}).layer().u({5, 3}).g(30, 0).g(-30, 20).g(-30, -20).s({0, 0}).raw({21, 0x10}).s({100});
  });

  // Paths of half-width 5 along (0, 0), (40, 0), (40, 30): flush, by half the width, by lengths, reused.
  const auto path = [](Oasis& o, const std::vector<int>& scheme, const std::vector<std::int64_t>& lengths) {
    o.raw({22, 0xFB}).layer().u({5}).raw(scheme);
    for (const std::int64_t l : lengths) o.s({l});
    o.u({0, 2}).s({40, 30, 0, 0});
  };
  add("path flush", 10 * 70, {0, -5, 45, 30}, [&](Oasis& o) { path(o, {0x05}, {}); });
  add("path extended", 10 * 80, {-5, -5, 45, 35}, [&](Oasis& o) { path(o, {0x0A}, {}); });
  add("path with lengths", 10 * (70 + 12 - 4), {-12, -5, 45, 26}, [&](Oasis& o) {
    path(o, {0x0F}, {12, -4});
  });
  add("path reused", 10 * 80 + 10 * 75, {-5, -5, 245, 35}, [&](Oasis& o) {
    path(o, {0x0A}, {});
    o.raw({22, 0x90, 0x04}).s({200});  // flush start, the end as before
  });
  // The modal extension is a length: a second path of half-width 20 reuses the 5 of the first.
  add("path reuses a length", 10 * 80 + 40 * (40 + 30 + 5 + 5), {-5, -20, 260, 35}, [&](Oasis& o) {
    path(o, {0x0A}, {});
    o.raw({22, 0x50}).u({20}).s({200});
  });
  // The half-width that a later record sets: extended by it at both ends, then flush.
  add("path extended after a change of width", 10 * 80 + 40 * 110, {-5, -20, 260, 50}, [&](Oasis& o) {
    path(o, {0x0A}, {});
    o.raw({22, 0xD0}).u({20}).raw({0x0A}).s({200});
  });
  // A triangle of type 16 sets the height to its width; a rectangle reuses both.
  add("compact trapezoid sets both lengths", 30 * 30 / 2 + 30 * 30, {0, 0, 130, 30}, [](Oasis& o) {
    o.raw({26, 0xDB}).layer().u({16, 30}).s({0, 0}).raw({20, 0x10}).s({100});
  });
  // Type 22: height = 2 width; type 20: width = 2 height.
  add("compact triangles set the other length", 30 * 30 + 30 * 60 + 20 * 20 + 40 * 20, {0, 0, 340, 60},
      [](Oasis& o) {
        o.raw({26, 0xDB}).layer().u({22, 30}).s({0, 0}).raw({20, 0x10}).s({100});
        o.raw({26, 0xB0}).u({20, 20}).s({200}).raw({20, 0x10}).s({300});
      });
  // A repetition without a type of its own repeats the positions, also those of a text.
  add("repetition of a text reused", 3 * 100, {0, 0, 90, 10}, [](Oasis& o) {
    o.raw({19, 0x5F}).text("t").u({0, 0}).s({0, 0}).u({2, 1, 40}).raw({20, 0x7F}).u({1, 0, 10, 10});
    o.s({0, 0}).u({0});
  });

  // Trapezoids in a box of 40 x 30 at (10, 20).
  const auto trapezoid = [&](const char* name, int record, int vertical,
                             const std::vector<std::int64_t>& deltas, double area) {
    add(name, area, {10, 20, 50, 50}, [=](Oasis& o) {
      o.raw({record, 0x7B | vertical}).layer().u({40, 30});
      for (const std::int64_t d : deltas) o.s({d});
      o.s({10, 20});
    });
  };
  trapezoid("trapezoid", 23, 0, {5, -10}, 30 * (40 + 25) / 2.0);
  trapezoid("trapezoid leaning", 23, 0, {5, 10}, 30 * (35 + 30) / 2.0);
  trapezoid("trapezoid leaning back", 23, 0, {-5, -10}, 30 * (35 + 30) / 2.0);
  trapezoid("trapezoid a", 24, 0, {-8}, 30 * (32 + 40) / 2.0);
  trapezoid("trapezoid b", 25, 0, {-8}, 30 * (32 + 40) / 2.0);
  trapezoid("trapezoid upright", 23, 0x80, {5, -10}, 40 * (30 + 15) / 2.0);
  trapezoid("trapezoid upright leaning", 23, 0x80, {-5, -10}, 40 * (25 + 20) / 2.0);
  trapezoid("trapezoid upright a", 24, 0x80, {7}, 40 * (30 + 23) / 2.0);
  trapezoid("trapezoid upright b", 25, 0x80, {7}, 40 * (30 + 23) / 2.0);

  // Compact trapezoids: wide ones (types 0 to 7) 40 x 10, high ones (8 to 15) 10 x 40, then triangles and
  // boxes.
  for (int type = 0; type < 26; ++type) {
    const bool wide = type < 8;
    const bool only_height = type == 20 || type == 21;
    const bool only_width = (type >= 16 && type < 20) || type == 22 || type == 23 || type == 25;
    const int w = wide || type >= 16 ? 40 : 10, h = wide || type >= 16 ? 10 : 40;
    // Each slope takes a triangle of 10 x 10 from the box.
    const int slopes = type % 8 < 4 ? 1 : 2;
    const double area = type < 16   ? 400 - 50.0 * slopes
                        : type < 20 ? 40 * 40 / 2.0
                        : type < 22 ? 10 * 10
                        : type < 24 ? 40 * 40
                        : type < 25 ? 40 * 10
                                    : 40 * 40;
    undulith::Box box{3, 4, 3.0 + w, 4.0 + h};
    if (type >= 16 && type < 20) box.y1 = 44;
    if (only_height) box.x1 = 23;
    if (type == 22 || type == 23) box.y1 = 84;
    if (type == 25) box.y1 = 44;
    add("compact trapezoid " + std::to_string(type), area, box, [=](Oasis& o) {
      o.byte(26)
          .byte(0x9B | (only_height ? 0 : 0x40) | (only_width ? 0 : 0x20))
          .layer()
          .u({static_cast<unsigned>(type)});
      if (!only_height) o.u({static_cast<unsigned>(w)});
      if (!only_width) o.u({static_cast<unsigned>(h)});
      o.s({3, 4});
    });
  }
  // The inscribed polygon of 200 corners or more is within 1 % of the disc; boxes agree.
  add(
      "circle", 3.14159265358979 * 500 * 500, {-400, -300, 600, 700},
      [](Oasis& o) {
        o.raw({27, 0x3B}).layer().u({500}).s({100, 200});
      },
      false);

  // Repetitions of a square of 10 at (1, 2).
  const auto repeated = [&](const std::string& name, int copies, undulith::Box box,
                            const std::function<void(Oasis&)>& data) {
    add("repetition " + name, copies * 100, box, [&](Oasis& o) {
      o.raw({20, 0xDF}).u({1, 0, 10}).s({1, 2});
      data(o);
    });
  };
  repeated("1", 12, {1, 2, 51, 102}, [](Oasis& o) { o.u({1, 1, 2, 20, 30}); });
  repeated("2", 3, {1, 2, 51, 12}, [](Oasis& o) { o.u({2, 1, 20}); });
  repeated("3", 4, {1, 2, 11, 72}, [](Oasis& o) { o.u({3, 2, 20}); });
  repeated("4", 4, {1, 2, 111, 12}, [](Oasis& o) { o.u({4, 2, 20, 30, 50}); });
  repeated("5", 4, {1, 2, 111, 12}, [](Oasis& o) { o.u({5, 2, 10, 2, 3, 5}); });
  repeated("6", 4, {1, 2, 11, 112}, [](Oasis& o) { o.u({6, 2, 20, 30, 50}); });
  repeated("7", 4, {1, 2, 11, 112}, [](Oasis& o) { o.u({7, 2, 10, 2, 3, 5}); });
  repeated("8", 6, {-19, 2, 61, 47}, [](Oasis& o) { o.u({8, 1, 0}).g(25, 5).g(-20, 25); });
  repeated("9", 4, {1, -43, 71, 12}, [](Oasis& o) { o.u({9, 2}).g(20, -15); });
  repeated("10", 4, {-59, 2, 31, 72}, [](Oasis& o) {
    o.u({10, 2}).g(20, 30).g(-80, 0).u({30 << 4 | 1 << 1});
  });
  repeated("11", 3, {-59, 2, 31, 52}, [](Oasis& o) { o.u({11, 1, 10}).g(2, 3).g(-8, 1); });
  repeated("of many", 300 * 200, {1, 2, 5991, 3992}, [](Oasis& o) { o.u({1, 298, 198, 20, 20}); });
  add("repetition reused", 2 * 3 * 100, {1, 2, 51, 112}, [](Oasis& o) {
    o.raw({20, 0xDF}).u({1, 0, 10}).s({1, 2}).u({2, 1, 20}).raw({20, 0x0C}).s({102}).u({0});
  });

  // Placements of a rectangle (1, 2) .. (4, 9) below TOP.
  const auto placed = [&](const std::string& name, double area, undulith::Box box,
                          const std::function<void(Oasis&)>& placement) {
    Oasis file;
    file.start().cell();
    placement(file);
    file.cell("LEAF").rectangle(1, 2, 3, 7);
    out.push_back({"placement " + name, file.end().bytes(), area, box, true});
  };
  placed("by name", 21, {101, 202, 104, 209}, [](Oasis& o) { o.raw({17, 0xB0}).text("LEAF").s({100, 200}); });
  placed("turned by 90", 21, {91, 201, 98, 204}, [](Oasis& o) {
    o.raw({17, 0xB2}).text("LEAF").s({100, 200});
  });
  placed("turned by 180", 21, {96, 191, 99, 198}, [](Oasis& o) {
    o.raw({17, 0xB4}).text("LEAF").s({100, 200});
  });
  placed("turned by 270", 21, {102, 196, 109, 199}, [](Oasis& o) {
    o.raw({17, 0xB6}).text("LEAF").s({100, 200});
  });
  placed("mirrored and turned", 21, {102, 201, 109, 204}, [](Oasis& o) {
    o.raw({17, 0xB3}).text("LEAF").s({100, 200});
  });
  placed("magnified", 84, {104, 202, 118, 208}, [](Oasis& o) {
    o.raw({18, 0xB7}).text("LEAF").u({0, 2, 0, 90}).s({100, 200});
  });
  placed("reused", 63, {1, 2, 104, 309}, [](Oasis& o) {
    o.raw({17, 0x80}).text("LEAF").raw({17, 0x30}).s({100, 200}).raw({17, 0x10}).s({300});
  });
  placed("repeated", 6 * 21, {1, 2, 24, 59}, [](Oasis& o) {
    o.raw({17, 0x88}).text("LEAF").u({1, 0, 1, 20, 25});
  });
  placed("at places", 3 * 21, {1, -18, 24, 29}, [](Oasis& o) {
    o.raw({17, 0x88}).text("LEAF").u({10, 1}).g(20, 20).g(-10, -40);
  });
  {
    // Numbers before the table that explains them, in either manner.
    Oasis file;
    file.start().byte(13).u({7}).raw({17, 0xF0}).u({300}).s({100, 200});
    file.byte(13).u({300}).rectangle(1, 2, 3, 7);
    file.byte(4).text("TOP").u({7}).byte(4).text("LEAF").u({300});
    out.push_back({"numbers before names", file.end().bytes(), 21, {101, 202, 104, 209}});
    Oasis other;
    other.start().byte(3).text("LEAF").byte(3).text("TOP");
    other.byte(13).u({0}).rectangle(1, 2, 3, 7).byte(13).u({1}).raw({17, 0xF0}).u({0}).s({100, 200});
    out.push_back({"names before numbers", other.end().bytes(), 21, {101, 202, 104, 209}});
  }
  {
    // What draws nothing: names of all tables, properties with values of all types, text, padding.
    Oasis file;
    file.start();
    file.byte(28).byte(0x16).u({0, 8, 5}).byte(29);                                  // a property of the file
    file.byte(5).text("label").byte(7).text("P").byte(9).text("value");              // names
    file.byte(11).text("METAL").u({3, 1, 4, 0, 7}).byte(12).text("T").u({0, 1, 9});  // layers
    file.cell().byte(0).rectangle(0, 0, 10, 10);
    file.byte(28).byte(0xF4).text("ALL").u({16, 0, 3, 1, 3, 2, 7, 3, 7, 4, 2, 3, 5, 2, 3});
    file.u({6}).raw({0, 0, 0x80, 0x3F}).u({7}).raw({0, 0, 0, 0, 0, 0, 0xF0, 0x3F}).u({8, 300}).u({9}).s({-3});
    file.u({10}).text("a").u({11}).text("b").u({12}).text("n").u({13, 0, 14, 0, 15, 0});
    file.byte(28).byte(0x08);                                   // the values before
    file.byte(19).byte(0x7B).u({0, 5, 6}).s({1, 2});            // text by number
    file.byte(19).byte(0x5C).text("t").s({1, 2}).u({2, 0, 5});  // text, repeated
    file.rectangle(20, 0, 10, 10);
    out.push_back({"nothing drawn", file.end().bytes(), 200, {0, 0, 30, 10}});
  }
  {
    Oasis records;
    records.rectangle(0, 0, 10, 10);
    for (int i = 1; i < 50; ++i) records.raw({20, 0x10}).s({20 * i});
    Oasis file;
    file.start().cell().block(records).raw({20, 0x08}).s({50}).end(Oasis::crc32_sum);
    out.push_back({"compressed block", file.bytes(), 51 * 100, {0, 0, 990, 60}});
    Oasis inner;
    inner.cell().rectangle(0, 0, 10, 10);
    Oasis whole;
    whole.start().block(inner).end(Oasis::checksum32);
    out.push_back({"cell in a block", whole.bytes(), 100, {0, 0, 10, 10}});
  }
  return out;
}

}  // namespace layout_test
