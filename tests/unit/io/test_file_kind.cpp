// SPDX-License-Identifier: MIT
#include "undulith/io/file_kind.hpp"

#include "scratch.hpp"

using namespace undulith::io;
using Catch::Matchers::Contains;
using undulith::test::Scratch;
using undulith::test::write_plain;

TEST_CASE("file kind: files are recognised by their content", "[unit][io]") {
  using std::string_view;
  CHECK(kind_of(string_view("\0\6\0\2\2\130", 6)) == FileKind::gdsii);
  CHECK(kind_of("%SEMI-OASIS\r\n") == FileKind::oasis);
  CHECK(kind_of("BEGIN     /* GL1TOGULP */\nEQUIV  1  1000  MICRON  +X,+Y\n") == FileKind::glp);
  CHECK(kind_of("\x89PNG\r\n\x1a\n") == FileKind::png);
  CHECK(kind_of("\x93NUMPY\x01") == FileKind::npy);
  CHECK(kind_of("\x89HDF\r\n\x1a\n") == FileKind::hdf5);
  CHECK(kind_of("\x1f\x8b\x08") == FileKind::gzip);
  CHECK(kind_of("PK\x03\x04") == FileKind::zip);
  CHECK(kind_of("%PDF-1.7") == FileKind::pdf);
  CHECK(kind_of("  {\"a\": 1}") == FileKind::json);
  CHECK(kind_of("#Flux [ph/s/.1%bw] (C-aligned, inner loop is vs Photon Energy)\n") == FileKind::srw);
  for (const char* job : {"[mask]\nmodel = \"thin\"\n", "# a job\n\n title = \"a, b\"\n",
                          "[[mask.rectangle]]\n", "extends = \"base.toml\"\n", "\xEF\xBB\xBFtitle = 1\n"}) {
    CAPTURE(job);
    CHECK(kind_of(job) == FileKind::job);
  }
  for (const char* table : {"gauge,cd_nm\nspace,18\n", "# comment\n0.7 0 1\n", "wl\tn\n1\t2\n", "1,2\n"}) {
    CAPTURE(table);
    CHECK(kind_of(table) == FileKind::table);
  }
  for (const char* other : {"", "hello\n", "# only\n", "=1\n"}) {
    CAPTURE(other);
    CHECK(kind_of(other) == FileKind::unknown);
  }
}

TEST_CASE("file kind: the message says what the file is and what to do", "[unit][io]") {
  CHECK_THAT(wrong_kind("clip.gds", FileKind::gdsii, "a job"),
             Contains("clip.gds: this is a GDSII file, not a job; start with `undulith init own_layout`"));
  CHECK(wrong_kind("x", FileKind::unknown, "a job").empty());
  const Scratch scratch;
  write_plain(scratch / "a.toml", "gauge,cd_nm\nspace,18\n");
  CHECK(kind_of_file(scratch / "a.toml") == FileKind::table);
  CHECK(kind_of_file(scratch / "absent") == FileKind::unknown);
  CHECK(kind_of_file(scratch / "") == FileKind::unknown);
}
