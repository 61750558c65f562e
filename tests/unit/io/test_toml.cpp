// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>

#include "undulith/core/error.hpp"
#include "undulith/io/toml.hpp"

using namespace undulith;
using io::TomlKind;
using io::TomlNode;

namespace {

std::string error_of(const std::string& text) {
  try {
    static_cast<void>(io::parse_toml(text, "job.toml"));
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

std::string argument_error(const std::string& key, const std::string& value) {
  try {
    static_cast<void>(io::parse_toml_argument(key, value, "--set " + key + "=" + value));
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("toml: kinds, values and places", "[unit][io]") {
  const TomlNode root = io::parse_toml(
      "zeta = 1\n"
      "alpha = 2.5  # order of the text, not of the alphabet\n"
      "[t]\n"
      "  word = \"ä\"\n"
      "  list = [1, 2.0, true]\n"
      "  day = 2024-05-06\n"
      "[[t.item]]\n"
      "n = 1\n"
      "[[t.item]]\n"
      "n = 2\n",
      "job.toml", "/jobs");
  REQUIRE(root.children.size() == 3);
  CHECK(root.children[0].key == "zeta");
  CHECK(root.children[1].key == "alpha");
  CHECK(std::get<std::int64_t>(root.children[0].value) == 1);
  CHECK(std::get<double>(root.children[1].value) == 2.5);
  const TomlNode* table = root.find("t");
  REQUIRE(table);
  CHECK(table->kind == TomlKind::table);
  const TomlNode* word = table->find("word");
  REQUIRE(word);
  CHECK(std::get<std::string>(word->value) == "ä");
  CHECK(word->location.line == 4);
  CHECK(word->location.column == 10);
  CHECK(word->key_location.column == 3);
  CHECK(word->location.source->folder == "/jobs");
  const TomlNode* list = table->find("list");
  REQUIRE(list);
  REQUIRE(list->children.size() == 3);
  CHECK(list->children[0].kind == TomlKind::integer);
  CHECK(list->children[1].kind == TomlKind::number);
  CHECK(list->children[2].kind == TomlKind::boolean);
  CHECK(table->find("day")->kind == TomlKind::date);
  CHECK(std::get<std::string>(table->find("day")->value) == "2024-05-06");
  const TomlNode* item = table->find("item");
  REQUIRE(item);
  CHECK(item->kind == TomlKind::array);
  REQUIRE(item->children.size() == 2);
  CHECK(item->children[1].location.line == 9);
  CHECK(root.find("absent") == nullptr);
  CHECK(list->find("word") == nullptr);
}

TEST_CASE("toml: a syntax error shows its line, a caret and what was probably meant", "[unit][io]") {
  CHECK(error_of("[source]\nwavelength_nm = 13.5 nm\n") ==
        "job.toml:2:22: error: this is not TOML (expected a comment or whitespace, saw 'n'); the key name "
        "contains the unit; write the number alone: 13.5\n"
        "    2 | wavelength_nm = 13.5 nm\n"
        "      |                      ^");
  CHECK(contains(error_of("x = 13.5nm\n"), "write the number alone: 13.5"));
  CHECK(contains(error_of("na = 0,33\n"), "write a decimal point: 0.33"));
  CHECK(contains(error_of("na = .33\n"), "a digit on both sides"));
  CHECK(contains(error_of("na = 5.\n"), "a digit on both sides"));
  CHECK(contains(error_of("shape = annular\n"), "put text in quotes: \"annular\""));
  CHECK(contains(error_of("file = masks/a.gds # mine\n"), "put text in quotes: \"masks/a.gds\""));
  CHECK(contains(error_of("na =\n"), "write a value"));
  CHECK(contains(error_of("file = \"a\\q.gds\"\n"), "write / in file names"));
  CHECK(contains(error_of("[a\nb = 1\n"), "job.toml:1:3: error: "));
  CHECK(contains(error_of("b = [1, 2\n"), "job.toml:"));
  CHECK(contains(error_of("b = \"\xff\"\n"), "utf-8"));
}

TEST_CASE("toml: a key given twice is an error where it comes back", "[unit][io]") {
  CHECK(error_of("[imaging]\nna = 0.33\n  na = 0.55\n") ==
        "job.toml:3:3: error: na is given twice; keep one of the two\n"
        "    3 |   na = 0.55\n"
        "      |   ^");
  CHECK(contains(error_of("[a]\nb = 1\n[c]\n[a]\nd = 2\n"),
                 "job.toml:4:1: error: the table [a] has two headings"));
}

TEST_CASE("toml: the caret is below its column after tabs and wide bytes", "[unit][io]") {
  const TomlNode tabbed = io::parse_toml("[t]\n\tna = 1\n", "job.toml");
  CHECK(io::toml_diagnostic(tabbed.find("t")->find("na")->location, "wrong") ==
        "job.toml:2:7: error: wrong\n    2 | \tna = 1\n      | \t     ^");
  const TomlNode wide = io::parse_toml("\"µm\" = 1\r\n", "job.toml");
  CHECK(io::toml_diagnostic(wide.children[0].location, "wrong", "warning") ==
        "job.toml:1:8: warning: wrong\n    1 | \"µm\" = 1\n      |        ^");
}

TEST_CASE("toml: malformed headings are refused in every kind of build", "[unit][io]") {
  CHECK(error_of("a = 1\n[}layout]\n") ==
        "job.toml:2:1: error: this is not the heading of a table (a name has letters, digits, _ and -); "
        "write [name] or [[name]]\n    2 | [}layout]\n      | ^");
  for (const std::string text : {"[", "[[", "[]", "[[]]", "[.a]", "[a.]", "[=]", "[#a]", "[[[a]]]", "[ [a]]",
                                 "[a", "[[a]", "[a]b", "[\n]", "[a.\"\"\"b\"\"\"]"})
    CHECK(contains(error_of(text), "job.toml:1:"));
}

TEST_CASE("toml: characters beyond ASCII are allowed in text and comments only", "[unit][io]") {
  CHECK(error_of("x_um = 13.5 µm\n") ==
        "job.toml:1:13: error: µ outside of quotes (TOML allows only ASCII there); use ASCII or put the text "
        "in quotes; the key name contains the unit; write the number alone: 13.5\n"
        "    1 | x_um = 13.5 µm\n      |             ^");
  CHECK(contains(error_of("a = “b”\n"), "straight quotes"));
  CHECK(contains(error_of("a = –5\n"), "job.toml:1:5: error: – outside of quotes"));
  CHECK(contains(error_of("a\u00a0= 5\n"), "outside of quotes"));
  CHECK(contains(error_of("a = \"\"\"x\\\n  µ\"\"\"\n"), "after a backslash"));
  for (const std::string text :
       {"a = \"µ\"\n", "a = 'µ'\n", "# µ\na = 1\n", "a = \"\"\"\n[}µ\n\"\"\"\"\"\n[b]\n", "\"µ\" = 1\n",
        "a = [\n  [+1.0],\n  [ # µ\n]]\n[\"µ\"]\n[[ b ]] # µ\n", "\xef\xbb\xbf[a]\n", "a = '''\n[}\n'''\n",
        "a = \"\\\"µ\"\n", "['a#µ'.b]\n"})
    CHECK(error_of(text) == "no error");
}

TEST_CASE("toml: brackets close their own kind", "[unit][io]") {
  CHECK(contains(error_of("a = [1, }\n"),
                 "job.toml:1:9: error: } closes a [ (brackets must match); check the brackets"));
  CHECK(contains(error_of("a = {b = [1}]\n"), "} closes a ["));
  CHECK(contains(error_of("a = {b = 1]\n"), "] closes a {"));
  CHECK(contains(error_of("a = ]\n"), "job.toml:1:"));
  CHECK(error_of("a = [{b = [1, 2]}, {b = \"}\"}]\n") == "no error");
}

TEST_CASE("toml: an error in a line of any length is reported", "[unit][io]") {
  CHECK(contains(error_of("a = " + std::string(200000, 'x') + "\n"), "put text in quotes"));
  CHECK(contains(error_of("a = " + std::string(200000, '1') + "nm\n"), "job.toml:1:"));
  CHECK(contains(error_of("a = " + std::string(100000, '[') + "\n"), "job.toml:1:"));
}

TEST_CASE("toml: a name of many parts is refused", "[unit][io]") {
  std::string name = "a";
  for (int i = 0; i < 20000; ++i) name += ".a";
  for (const std::string& text : {name + " = 1\n", "[" + name + "]\n", "[[" + name + "]]\n",
                                  "a = {" + name + " = 1}\n", "[\"a\"" + name.substr(1) + "]\n"})
    CHECK(contains(error_of(text), "parts"));
  CHECK(error_of("a.b.\"c.d\".e = 1.5\nf = [1.5, 2.5, {g.h = 3.5}]\n") == "no error");
}

TEST_CASE("toml: of a long line the part about the fault is shown", "[unit][io]") {
  const std::string error = error_of("a = [" + std::string(5000, ' ') + "µ" + std::string(5000, ' ') + "]\n");
  CHECK(contains(error, "job.toml:1:5006:"));
  CHECK(error.size() < 500);
  CHECK(contains(error, "\n    1 | ..." + std::string(70, ' ') + "µ" + std::string(50, ' ') +
                            "...\n      | " + std::string(73, ' ') + "^"));
}

TEST_CASE("toml: random text is refused or read, never worse", "[property][io]") {
  const std::string letters = "\n\n[[]]{}==,.\"'#-+_0129eainfTZ: \t\r\\\xc3\xa4\xff";
  std::mt19937_64 random(3);
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (auto n = random() % 24; n > 0; --n) text += letters[random() % letters.size()];
    CAPTURE(text);
    CHECK_NOTHROW(error_of(text));
    CHECK_NOTHROW(argument_error("a", text));
  }
}

TEST_CASE("toml: one value of the command line", "[unit][io]") {
  const auto leaf = [](const std::string& value) {
    return io::parse_toml_argument("a.b", value, "--set a.b=" + value).children.front().children.front();
  };
  CHECK(std::get<double>(leaf("0.55").value) == 0.55);
  CHECK(std::get<std::int64_t>(leaf("3").value) == 3);
  CHECK(std::get<std::string>(leaf("dipole").value) == "dipole");
  CHECK(std::get<std::string>(leaf("\"dipole\"").value) == "dipole");
  CHECK(std::get<std::string>(leaf("masks/own chip.gds").value) == "masks/own chip.gds");
  CHECK(std::get<std::string>(leaf("13.5 nm").value) == "13.5 nm");
  CHECK(leaf("[0, 0, 10, 10]").children.size() == 4);
  CHECK(leaf("0.55").location.line == 0);
  CHECK(argument_error("a.b", "[1, 2").starts_with("--set a.b=[1, 2: error: the value is not TOML"));
  CHECK(contains(argument_error("a.b", ""), "the value is missing"));
  CHECK(contains(argument_error("a..b", "1"), "is not the name of a key"));
  CHECK(contains(argument_error("", "1"), "is not the name of a key"));
  CHECK(contains(argument_error("a", "1\nb = 2"), "one value on one line"));
}

TEST_CASE("toml: merging goes key by key and replaces arrays whole", "[unit][io]") {
  const TomlNode base = io::parse_toml("[t]\na = 1\nb = [1, 2, 3]\n[u]\nc = 1\n", "base.toml");
  const TomlNode top = io::parse_toml("[t]\nb = [9]\nd = 4\n", "top.toml");
  const TomlNode merged = io::merge_toml(base, top);
  const TomlNode* t = merged.find("t");
  REQUIRE(t);
  CHECK(std::get<std::int64_t>(t->find("a")->value) == 1);
  CHECK(t->find("b")->children.size() == 1);
  CHECK(t->find("b")->location.source->name == "top.toml");
  CHECK(t->find("a")->location.source->name == "base.toml");
  CHECK(t->find("d") != nullptr);
  CHECK(merged.find("u") != nullptr);
}

TEST_CASE("toml: numbers are written shortest, readable and as floats", "[unit][io]") {
  CHECK(io::toml_number(1) == "1.0");
  CHECK(io::toml_number(0.1) == "0.1");
  CHECK(io::toml_number(100000) == "100000.0");
  CHECK(io::toml_number(-0.0) == "-0.0");
  CHECK(io::toml_number(1e-9) == "1e-09");
}

TEST_CASE("toml: every finite double and every text read back as they were", "[property][io]") {
  std::mt19937_64 random(7);
  for (int i = 0; i < 5000; ++i) {
    std::uint64_t bits = random();
    if ((bits >> 52 & 0x7ff) == 0x7ff) bits ^= std::uint64_t{1} << 60;  // neither infinite nor NaN
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    const TomlNode root = io::parse_toml("x = " + io::toml_number(value), "x");
    REQUIRE(std::get<double>(root.children.front().value) == value);
  }
  for (int i = 0; i < 500; ++i) {
    std::string text;
    for (int n = 0; n < 20; ++n) text += static_cast<char>(random() % 127 + 1);
    const TomlNode root = io::parse_toml("x = " + io::toml_text(text), "x");
    REQUIRE(std::get<std::string>(root.children.front().value) == text);
  }
}
