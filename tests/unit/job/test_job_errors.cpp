// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include "support/job_folder.hpp"

using namespace undulith;

TEST_CASE("job errors: a number out of range", "[unit][job]") {
  const JobFolder folder;
  CHECK(folder.error("[imaging]\nna = 1.33\n" + kShapes) ==
        "job.toml:2:6: error: imaging.na = 1.33 (must be below imaging.medium_index = 1); use 0.33 or 0.55\n"
        "    2 | na = 1.33\n"
        "      |      ^");
  CHECK(contains(folder.error("[imaging]\nna = 0\n" + kShapes), "imaging.na = 0 (must be in (0, 4))"));
  CHECK(contains(folder.error("[source.beam]\nbeam_energy_gev = 800\n" + kShapes),
                 "= 800 (must be in [0.0103, 100]); write GeV: 0.8 is 800 MeV"));
  CHECK(contains(folder.error("[source.undulator]\nharmonic = 2\n" + kShapes), "must be odd"));
  CHECK(contains(folder.error("[source]\nwavelength_nm = 13.5e-9\n" + kShapes), "use 13.5 for EUV"));
  CHECK(contains(folder.error("[mask.stack]\nn_bilayers = 3000000000\n" + kShapes), "must be in [0, 1000]"));
  CHECK(contains(folder.error("[mask]\nabsorber_amplitude = [0.9, 0.9]\n" + kShapes.substr(7)),
                 "must be of a modulus in [0, 1]"));
}

TEST_CASE("job errors: a value of the wrong type", "[unit][job]") {
  const JobFolder folder;
  CHECK(contains(
      folder.error("[imaging]\nfocus_nm = \"20 nm\"\n" + kShapes),
      "imaging.focus_nm = \"20 nm\" (must be a number, in nm); write the number alone: focus_nm = 20"));
  CHECK(contains(folder.error("[imaging]\nna = true\n" + kShapes), "imaging.na = true (must be a number)"));
  CHECK(contains(folder.error("[layout]\ncell = 5\n" + kShapes),
                 "must be text); put it between quotes: cell = \"5\""));
  CHECK(contains(folder.error("[layout]\nlayer = 1.5\n" + kShapes), "must be a whole number"));
  CHECK(contains(folder.error("[layout]\nwindow_nm = 5\n" + kShapes), "must be an array of numbers"));
  CHECK(contains(
      folder.error("[illuminator]\nshape = \"anular\"\n" + kShapes),
      "must be one of conventional, annular, dipole, quasar, leaf_dipole, points, map); did you mean "
      "\"annular\"?"));
  CHECK(contains(folder.error("imaging = 3\n" + kShapes), "imaging must be a table; write [imaging]"));
  CHECK(contains(folder.error("[metrology.gauge]\nname = \"a\"\n" + kShapes),
                 "metrology.gauge must be an array of tables; write [[metrology.gauge]]"));
  CHECK(contains(folder.error("[mask]\nopen_amplitude = [1, 2, 3]\n" + kShapes.substr(7)),
                 "must be a number or [real, imaginary]"));
}

TEST_CASE("job errors: numbers that are not finite", "[unit][job]") {
  const JobFolder folder;
  for (const std::string value : {"nan", "inf", "-inf"}) {
    CHECK(contains(folder.error("[imaging]\nfocus_nm = " + value + "\n" + kShapes), "(must be finite)"));
    CHECK(contains(folder.error("[layout]\nlayer = " + value + "\n" + kShapes), "(must be finite)"));
    CHECK(contains(folder.error("[layout]\nwindow_nm = [0, 0, " + value + ", 1]\n" + kShapes),
                   "(must be finite)"));
    CHECK(contains(folder.error("[mask]\nopen_amplitude = [0, " + value + "]\n" + kShapes.substr(7)),
                   "(must be finite)"));
    CHECK(contains(folder.error(kShapes, {{"imaging.na", value}}), "(must be finite)"));
  }
}

TEST_CASE("job errors: an unknown key names its neighbour", "[unit][job]") {
  const JobFolder folder;
  CHECK(folder.error("[source]\nwavelenght_nm = 13.5\n" + kShapes) ==
        "job.toml:2:1: error: unknown key source.wavelenght_nm; did you mean source.wavelength_nm?\n"
        "    2 | wavelenght_nm = 13.5\n"
        "      | ^");
  CHECK(contains(folder.error("[imaging]\nfocus = 1\n" + kShapes), "did you mean imaging.focus_nm?"));
  CHECK(contains(folder.error("[imaging]\nfocus_um = 1\n" + kShapes), "did you mean imaging.focus_nm?"));
  CHECK(contains(folder.error("[metrology]\nna = 0.3\n" + kShapes), "did you mean imaging.na?"));
  CHECK(contains(folder.error("na = 0.3\n" + kShapes), "did you mean imaging.na?"));
  CHECK(contains(folder.error("[etch]\ndepth_nm = 3\n" + kShapes),
                 "unknown key or table etch; undulith explain"));
  CHECK(contains(folder.error("[iluminator]\n" + kShapes), "did you mean illuminator?"));
  CHECK(contains(folder.error("[imaging]\nqqqqqqqq = 3\n" + kShapes),
                 "undulith explain imaging lists its keys"));
  CHECK(contains(folder.error(kShapes + "x2_nm = 3\n"),
                 "unknown key mask.rectangle.x2_nm; did you mean mask.rectangle.x"));
}

TEST_CASE("job errors: all of them at once, in the order of the text", "[unit][job]") {
  const JobFolder folder;
  const std::string message = folder.error(
      "[metrology]\n"
      "threshold = -1\n"
      "[imaging]\n"
      "\tna = 2\n"
      "focus = 3\n"
      "[illuminator]\n"
      "shape = \"ring\"\n" +
          kShapes,
      {{"source.wavelength_nm", "twelve"}});
  CHECK(count(message, "error: ") == 5);
  const std::vector<std::string> heads = {
      "job.toml:2:13: error: metrology.threshold = -1 (must be in (0, 10])",
      "job.toml:4:7: error: imaging.na = 2 (must be below imaging.medium_index = 1)",
      "job.toml:5:1: error: unknown key imaging.focus", "job.toml:7:9: error: illuminator.shape = \"ring\"",
      "--set source.wavelength_nm=twelve: error: source.wavelength_nm = \"twelve\""};
  std::size_t last = 0;
  for (const std::string& head : heads) {
    const std::size_t at = message.find(head);
    CAPTURE(message, head);
    REQUIRE(at != std::string::npos);
    CHECK(at >= last);
    last = at;
  }
  CHECK(contains(message, "    4 | \tna = 2\n      | \t     ^"));
}

TEST_CASE("job errors: arguments are quoted in their own text", "[unit][job]") {
  const JobFolder folder;
  CHECK(
      folder.error(kShapes, {{"imaging.na", "2"}}) ==
      "--set imaging.na=2: error: imaging.na = 2 (must be below imaging.medium_index = 1); use 0.33 or 0.55");
  CHECK(contains(folder.error(kShapes, {{"imagin.na", "0.3"}}), "--set imagin.na=0.3: error: unknown"));
  CHECK(contains(folder.error(kShapes, {{"source.wavelength_nm", "13.5 nm"}}), "write the number alone"));
  CHECK(contains(folder.error(kShapes, {{"metrology.gauge.x_nm", "3"}}), "must be an array of tables"));
  CHECK(contains(folder.error(kShapes, {{"imaging", "0.3"}}), "imaging must be a table"));
  CHECK(contains(folder.error(kShapes, {{"extends", "a.toml"}}), "belongs into a job file"));
}

TEST_CASE("job errors: files", "[unit][job]") {
  const JobFolder folder;
  CHECK_THROWS_AS(job::read_job(folder.path() / "absent.toml"), InputError);
  CHECK_THROWS_AS(job::read_job(folder.path()), InputError);

  const std::string text = "[layout]\nfile = \"masks/a.gds\"\n";
  CHECK(contains(folder.error(text),
                 "job.toml:2:8: error: layout.file cannot be read (there is no file masks/a.gds)"));
  std::filesystem::create_directories(folder.path() / "masks" / "a.gds");
  CHECK(contains(folder.error(text), "masks/a.gds is a folder"));
  std::filesystem::remove(folder.path() / "masks" / "a.gds");
  const auto file = folder.write("masks/a.gds", "x");
  CHECK(folder.error(text) == "no error");
  std::filesystem::permissions(file, std::filesystem::perms::none);
  // Root reads every file; for this one question it becomes somebody else.
  const bool root = ::geteuid() == 0;
  if (root && ::seteuid(65534) != 0) {
    WARN("skipped: root may read every file here");
  } else {
    std::string message;
    try {
      static_cast<void>(job::read_job(folder.path() / "job.toml"));
    } catch (const InputError& error) {
      message = folder.without_folder(error.what());
    }
    if (root) REQUIRE(::seteuid(0) == 0);
    CHECK(contains(message, "job.toml:2:8: error: layout.file cannot be read (masks/a.gds may not be read)"));
  }

  CHECK(contains(folder.error("[illuminator]\nshape = \"map\"\nmap_file = \"pupil.png\"\n" + kShapes),
                 "job.toml:3:12: error: illuminator.map_file cannot be read (there is no file pupil.png)"));
  folder.write("pupil.png", "no picture");
  CHECK(contains(folder.error("[illuminator]\nshape = \"map\"\nmap_file = \"pupil.png\"\n" + kShapes),
                 "job.toml:3:12: error: illuminator.map_file: "));
  CHECK(contains(folder.error("[illuminator]\nshape = \"map\"\n" + kShapes), "give illuminator.map_file"));
  CHECK(contains(folder.error("[illuminator]\nshape = \"points\"\n" + kShapes),
                 "give illuminator.points_file"));
}

TEST_CASE("job errors: extends", "[unit][job]") {
  const JobFolder folder;
  CHECK(contains(folder.error("extends = \"nowhere.toml\"\n" + kShapes),
                 "job.toml:1:11: error: extends = \"nowhere.toml\" (no such file: nowhere.toml)"));
  CHECK(contains(folder.error("extends = 3\n" + kShapes), "extends must be the name of one job file"));
  CHECK(
      contains(folder.error("extends = \"job.toml\"\n"), "extends goes in a circle (job.toml -> job.toml)"));
  folder.write("a.toml", "extends = \"b.toml\"\n");
  folder.write("b.toml", "extends = \"./a.toml\"\n");
  CHECK(contains(folder.error("extends = \"a.toml\"\n"),
                 "b.toml:1:11: error: extends goes in a circle (a.toml -> b.toml -> a.toml)"));
  folder.write("bad.toml", "[imaging]\nna = 3\n");
  CHECK(contains(folder.error("extends = \"bad.toml\"\n" + kShapes), "bad.toml:2:6: error: imaging.na = 3"));
  folder.write("worse.toml", "[imaging\n");
  CHECK(contains(folder.error("extends = \"worse.toml\"\n" + kShapes), "worse.toml:1:"));
  folder.write("again.toml", kShapes);
  CHECK(
      contains(folder.error("[imaging]\nna = 0.33\nna = 0.55\n"), "job.toml:3:1: error: na is given twice"));
}

TEST_CASE("job errors: a small hostile file is refused at once", "[unit][job]") {
  const JobFolder folder;
  std::string many;
  for (int i = 0; i < 80000; ++i) many += fmt::format("k{} = 1\n", i);
  CHECK(contains(folder.error(many), "Reading stopped after 100 errors"));
  std::string chain = "extends = [";
  for (int i = 0; i < 300; ++i) chain += "\"empty.toml\", ";
  folder.write("empty.toml", "");
  CHECK(contains(folder.error(chain + "]\n" + kShapes), "extends names more than 200 files"));
}

TEST_CASE("job errors: the shapes of the mask", "[unit][job]") {
  const JobFolder folder;
  folder.write("a.gds", "x");
  CHECK(contains(folder.error("title = \"empty\"\n"), "the mask has no shapes (neither layout.file nor"));
  CHECK(contains(folder.error("[layout]\nfile = \"a.gds\"\n" + kShapes),
                 "job.toml:2:8: error: the mask has two sets"));
  CHECK(contains(folder.error("[[mask.rectangle]]\nx0_nm = 0\ny0_nm = 0\nx1_nm = 9\ny1_nm = 9\n"),
                 "mask.period_x_nm = 0 (shapes in the job lie in a periodic cell)"));
  CHECK(contains(folder.error("[[mask.rectangle]]\nx0_nm = 0\ny0_nm = 0\nx1_nm = 9\n"),
                 "job.toml:1:1: error: mask.rectangle[1] lacks y1_nm"));
  CHECK(contains(folder.error(kShapes + "[[mask.rectangle]]\nx0_nm = 9\ny0_nm = 0\nx1_nm = 9\ny1_nm = 5\n"),
                 "job.toml:9:1: error: mask.rectangle[2] is empty"));
  CHECK(contains(folder.error(kShapes + "[[mask.polygon]]\nx_nm = [0, 1, 2]\ny_nm = [0, 1]\n"),
                 "mask.polygon[1] has 3 x and 2 y"));
  CHECK(
      contains(folder.error(kShapes + "[[mask.polygon]]\nx_nm = [0, 1]\ny_nm = [0, 1]\n"), "three or more"));
  CHECK(contains(folder.error("[layout]\nfile = \"a.gds\"\nwindow_nm = [0, 0, 1]\n"),
                 "has 3 numbers (must be 4)"));
  CHECK(contains(folder.error("[layout]\nfile = \"a.gds\"\nwindow_nm = [5, 0, 1, 9]\n"),
                 "layout.window_nm is empty"));
  CHECK(contains(folder.error(kShapes + "[[mask.absorber]]\nmaterial = \"TaBNN\"\nthickness_nm = 60\n"),
                 "job.toml:10:12: error: mask.absorber[1].material = \"TaBNN\""));
}

TEST_CASE("job errors: keys that must agree", "[unit][job]") {
  const JobFolder folder;
  CHECK(contains(folder.error("[illuminator]\nsigma_inner = 0.8\nsigma_outer = 0.6\n" + kShapes),
                 "job.toml:2:15: error: illuminator.sigma_inner = 0.8 (must be below sigma_outer = 0.6)"));
  CHECK(contains(folder.error("[illuminator]\nsigma_outer = 0.3\n" + kShapes), "job.toml:2:15: error: "));
  CHECK(folder.error("[illuminator]\nshape = \"conventional\"\nsigma_outer = 0.3\n" + kShapes) == "no error");
  CHECK(contains(folder.error("[illuminator]\nshape = \"leaf_dipole\"\nsigma_outer = 0.7\n" + kShapes),
                 "illuminator.leaf_offset_sigma = 1.6 (must be below twice sigma_outer = 0.7"));
  // One error in sigma_outer is told once, not again through the comparison.
  CHECK(count(folder.error("[illuminator]\nsigma_outer = -1\n" + kShapes), "error:") == 1);
  const std::string gauge = "[[metrology.gauge]]\nname = \"g\"\nx_nm = 1\ny_nm = 1\n";
  CHECK(contains(folder.error(gauge + gauge + kShapes),
                 "job.toml:6:8: error: metrology.gauge[2].name = \"g\" (gauge 1 has that name)"));
  CHECK(
      contains(folder.error("[[metrology.gauge]]\nname = \"\"\nx_nm = 1\ny_nm = 1\n" + kShapes), "is empty"));
}
