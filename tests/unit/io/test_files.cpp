// SPDX-License-Identifier: MIT
#include "undulith/io/files.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "scratch.hpp"

using namespace undulith;
using namespace undulith::io;
using Catch::Matchers::Contains;
using undulith::test::message_of;
using undulith::test::Scratch;
using undulith::test::write_plain;
namespace fs = std::filesystem;

TEST_CASE("files: text and bytes come back as written", "[unit][io]") {
  Scratch scratch;
  const std::string text = std::string("a\0b\r\n\xff", 6);
  write_atomic(scratch / "a.txt", text);
  CHECK(read_text(scratch / "a.txt") == text);
  const auto bytes = read_bytes(scratch / "a.txt");
  REQUIRE(bytes.size() == text.size());
  CHECK(std::to_integer<int>(bytes.back()) == 0xff);
  write_atomic(scratch / "a.txt", std::string_view("new"));
  CHECK(read_text(scratch / "a.txt") == "new");
  write_atomic(scratch / "empty", std::string_view());
  CHECK(read_bytes(scratch / "empty").empty());
  CHECK(scratch.count() == 2);  // no temporary file is left
}

TEST_CASE("files: what cannot be read is an input error that says why", "[unit][io]") {
  Scratch scratch;
  CHECK_THAT(message_of<InputError>([&] { return read_text(scratch / "none"); }), Contains("no such file"));
  CHECK_THAT(message_of<InputError>([&] { return read_bytes(scratch.folder()); }), Contains("is a folder"));
  write_plain(scratch / "file", "0123456789");
  CHECK_THAT(message_of<InputError>([&] { return read_text(scratch / "file" / "below"); }),
             Contains("cannot read"));
  write_plain(scratch / "closed", "x");
  fs::permissions(scratch / "closed", fs::perms::none);
  if (::geteuid() == 0) {
    CHECK(read_text(scratch / "closed") == "x");  // the superuser may read everything
  } else {
    CHECK_THAT(message_of<InputError>([&] { return read_text(scratch / "closed"); }),
               Contains("permission denied"));
  }
}

TEST_CASE("files: the size limit is kept for files and for streams without an end", "[unit][io]") {
  Scratch scratch;
  write_plain(scratch / "ten", "0123456789");
  CHECK(read_text(scratch / "ten", 10).size() == 10);
  CHECK_THAT(message_of<InputError>([&] { return read_text(scratch / "ten", 9); }),
             Contains("limit of 9 bytes"));
  CHECK_THROWS_AS(read_bytes("/dev/zero", 1 << 20), InputError);
  CHECK(read_bytes("/dev/null").empty());
}

TEST_CASE("files: a failed write is an output error and leaves nothing behind", "[unit][io]") {
  Scratch scratch;
  CHECK_THAT(message_of<IoError>([&] {
               write_atomic(scratch / "no" / "such.txt", std::string_view("x"));
               return 0;
             }),
             Contains("create its folder first"));
  fs::create_directory(scratch / "folder");
  CHECK_THROWS_AS(write_atomic(scratch / "folder", std::string_view("x")), IoError);
  CHECK_THROWS_AS(write_atomic("/dev/null", std::string_view("x")), IoError);
  CHECK(fs::is_character_file("/dev/null"));
  write_plain(scratch / "plain", "x");
  CHECK_THROWS_AS(write_atomic(scratch / "plain" / "below", std::string_view("x")), IoError);
  CHECK_THROWS_AS(write_atomic(scratch / std::string(300, 'n'), std::string_view("x")),
                  IoError);  // name too long
  CHECK(scratch.count() == 2);
  if (::geteuid() != 0) {
    fs::permissions(scratch / "folder", fs::perms::owner_read);
    CHECK_THROWS_AS(write_atomic(scratch / "folder" / "x", std::string_view("x")), IoError);
    fs::permissions(scratch / "folder", fs::perms::owner_all);
  }
}

TEST_CASE("files: writing follows a link", "[unit][io]") {
  Scratch scratch;
  write_plain(scratch / "real", "old");
  fs::create_symlink("real", scratch / "link");
  write_atomic(scratch / "link", std::string_view("new"));
  CHECK(fs::is_symlink(scratch / "link"));
  CHECK(read_text(scratch / "real") == "new");
}

TEST_CASE("output folder: appears whole on commit", "[unit][io]") {
  Scratch scratch;
  {
    OutputFolder output(scratch / "results", OutputFolder::IfExists::refuse);
    write_plain(output.file("a.txt"), "a");
    write_plain(output.file("sub/b.txt"), "b");
    CHECK_FALSE(fs::exists(scratch / "results"));
    output.commit();
    CHECK_THROWS_AS(output.commit(), std::invalid_argument);
    CHECK_THROWS_AS(output.file("late"), std::invalid_argument);
  }
  CHECK(read_text(scratch / "results/a.txt") == "a");
  CHECK(read_text(scratch / "results/sub/b.txt") == "b");
  CHECK(scratch.count() == 1);
  // As open as a folder made by mkdir: others may read results.
  ::mkdir((scratch / "reference").c_str(), 0777);
  CHECK(fs::status(scratch / "results").permissions() == fs::status(scratch / "reference").permissions());
}

TEST_CASE("output folder: without commit nothing is left, parents included", "[unit][io]") {
  Scratch scratch;
  {
    OutputFolder output(scratch / "deep/er/results", OutputFolder::IfExists::refuse);
    write_plain(output.file("a.txt"), "a");
  }
  CHECK(scratch.count() == 0);
  fs::create_directory(scratch / "results");
  write_plain(scratch / "results/old.txt", "old");
  {
    OutputFolder output(scratch / "results", OutputFolder::IfExists::replace_files);
    write_plain(output.file("old.txt"), "new");
  }
  CHECK(read_text(scratch / "results/old.txt") == "old");
  CHECK(scratch.count() == 1);
}

TEST_CASE("output folder: existing targets", "[unit][io]") {
  Scratch scratch;
  fs::create_directory(scratch / "results");
  {  // an empty folder counts as missing
    OutputFolder output(scratch / "results/", OutputFolder::IfExists::refuse);
    write_plain(output.file("a.txt"), "1");
    output.commit();
  }
  CHECK(read_text(scratch / "results/a.txt") == "1");
  CHECK_THAT(message_of<InputError>(
                 [&] { return OutputFolder(scratch / "results", OutputFolder::IfExists::refuse).target(); }),
             Contains("has files in it"));
  write_plain(scratch / "results/b.txt", "other");
  {
    OutputFolder output(scratch / "results", OutputFolder::IfExists::replace_files);
    write_plain(output.file("a.txt"), "2");
    write_plain(output.file("c/d.txt"), "new");
    output.commit();
  }
  CHECK(read_text(scratch / "results/a.txt") == "2");
  CHECK(read_text(scratch / "results/b.txt") == "other");
  CHECK(read_text(scratch / "results/c/d.txt") == "new");
  CHECK(scratch.count() == 1);

  write_plain(scratch / "file", "x");
  CHECK_THROWS_AS(OutputFolder(scratch / "file", OutputFolder::IfExists::replace_files), InputError);
  CHECK_THROWS_AS(OutputFolder("", OutputFolder::IfExists::refuse), InputError);
  CHECK_THROWS_AS(OutputFolder("/", OutputFolder::IfExists::replace_files), InputError);
  CHECK_THROWS_AS(OutputFolder(scratch / "file" / "below", OutputFolder::IfExists::refuse), IoError);
}

TEST_CASE("output folder: a link to a folder is filled, not replaced", "[unit][io]") {
  Scratch scratch;
  fs::create_directory(scratch / "real");
  fs::create_symlink("real", scratch / "link");
  OutputFolder output(scratch / "link", OutputFolder::IfExists::refuse);
  write_plain(output.file("a.txt"), "a");
  output.commit();
  CHECK(fs::is_symlink(scratch / "link"));
  CHECK(read_text(scratch / "real/a.txt") == "a");
}

TEST_CASE("output folder: results are kept when another run was faster", "[unit][io]") {
  Scratch scratch;
  {
    OutputFolder output(scratch / "results", OutputFolder::IfExists::refuse);
    write_plain(output.file("a.txt"), "mine");
    fs::create_directory(scratch / "results");
    write_plain(scratch / "results/a.txt", "theirs");
    CHECK_THROWS_AS(output.commit(), IoError);
  }
  CHECK(read_text(scratch / "results/a.txt") == "theirs");
  CHECK(scratch.count() == 2);
}

TEST_CASE("output folder: a result replaces the old one whole, or not at all", "[unit][io]") {
  Scratch scratch;
  fs::create_directories(scratch / "results/pictures");
  write_plain(scratch / "results/a.txt", "old");
  write_plain(scratch / "results/notes.txt", "mine");
  write_plain(scratch / "results/pictures/own.png", "mine");
  write_plain(scratch / "elsewhere.txt", "untouched");
  fs::create_symlink(scratch / "elsewhere.txt", scratch / "results/link.txt");
  fs::permissions(scratch / "results/a.txt", fs::perms::owner_read);
  const auto write = [&] {
    OutputFolder output(scratch / "results", OutputFolder::IfExists::replace_files);
    write_plain(output.file("a.txt"), "new");
    write_plain(output.file("link.txt"), "new");
    write_plain(output.file("pictures/p.png"), "new");
    output.commit();
  };
  const fs::path cwd = fs::current_path();
  const bool from_inside = GENERATE(false, true);  // a shell stands in the folder: it is filled, not replaced
  if (from_inside) fs::current_path(scratch / "results");

  SECTION("a read-only file and a link in the way are replaced, other files stay") {
    write();
    CHECK(read_text(scratch / "results/a.txt") == "new");
    CHECK_FALSE(fs::is_symlink(scratch / "results/link.txt"));
    CHECK(read_text(scratch / "results/link.txt") == "new");
    CHECK(read_text(scratch / "elsewhere.txt") == "untouched");
    CHECK(read_text(scratch / "results/pictures/p.png") == "new");
    CHECK(read_text(scratch / "results/pictures/own.png") == "mine");
    CHECK(read_text(scratch / "results/notes.txt") == "mine");
    CHECK(scratch.count() == 2);
    if (from_inside) CHECK(fs::equivalent(fs::current_path(), scratch / "results"));
  }
  SECTION("a folder in the way: nothing changes, the new results are kept beside it") {
    fs::remove(scratch / "results/link.txt");
    fs::create_directory(scratch / "results/link.txt");
    write_plain(scratch / "results/link.txt/precious", "mine");
    CHECK_THAT(message_of<IoError>([&] {
                 write();
                 return 0;
               }),
               Contains("link.txt is a folder there") && Contains("results.kept-"));
    CHECK(read_text(scratch / "results/a.txt") == "old");
    CHECK_FALSE(fs::exists(scratch / "results/pictures/p.png"));
    CHECK(read_text(scratch / "results/link.txt/precious") == "mine");
    CHECK(scratch.count() == 3);
  }
  fs::current_path(cwd);
}

TEST_CASE("leftovers of killed runs are found, and removed by the next run into the same folder",
          "[unit][io]") {
  Scratch scratch;
  fs::create_directories(scratch / ".results.7-0.undulith-tmp/sub");
  fs::create_directory(scratch / ".other.7-0.undulith-tmp");
  write_plain(scratch / ".7-1.undulith-tmp", "half");
  CHECK(find_leftovers(scratch.folder()).size() == 3);
  CHECK(find_leftovers(scratch / "absent").empty());
  {
    OutputFolder mine(scratch / "results", OutputFolder::IfExists::refuse);
    write_plain(mine.file("a.txt"), "a");
    const std::vector<fs::path> left = find_leftovers(scratch.folder());
    REQUIRE(left.size() == 1);  // not the folder that is being written
    CHECK(left[0].filename() == ".other.7-0.undulith-tmp");
    // A second run into the same folder does not remove what the first is writing.
    const OutputFolder other(scratch / "results", OutputFolder::IfExists::refuse);
    mine.commit();
  }
  CHECK(read_text(scratch / "results/a.txt") == "a");
  CHECK(scratch.count() == 2);
}

TEST_CASE("output folder: names that leave it are refused", "[unit][io]") {
  Scratch scratch;
  const OutputFolder output(scratch / "results", OutputFolder::IfExists::refuse);
  for (const char* name : {"", "../x", "a/../../x", "/tmp/x", "a/"}) {
    CAPTURE(name);
    CHECK_THROWS_AS(output.file(name), std::invalid_argument);
  }
}
