#!/bin/sh
# Holds the architecture: which module may include which (docs/adr/0001-foundations.md), and which file alone may
# include a third-party header. Prints every other include as file:line and exits 1.
#
#   check_layers.sh [ROOT]     ROOT holds include/undulith/ and src/; default: the checkout of this script
set -eu
root=${1:-$(dirname "$0")/../..}
cd "$root"

find include/undulith src -type f \( -name '*.hpp' -o -name '*.cpp' -o -name '*.h' -o -name '*.in' \) 2>/dev/null |
  LC_ALL=C sort | xargs awk '
function allow(module, others,    n, names, i) {
  known[module] = 1
  n = split(others, names, " ")
  for (i = 1; i <= n; ++i) allowed[module, names[i]] = 1
}
BEGIN {
  stages = "materials layout optics source illuminator mask imaging resist metrology throughput"
  # module         may include
  allow("core",        "")
  allow("math",        "core")
  allow("io",          "core")
  allow("materials",   "core math io")
  allow("layout",      "core math io")
  allow("optics",      "core math materials")
  allow("source",      "core math io optics")
  allow("illuminator", "core math materials optics source")
  allow("mask",        "core math materials optics layout illuminator")
  allow("imaging",     "core math optics illuminator mask")
  allow("resist",      "core math materials imaging")
  allow("metrology",   "core math layout imaging resist")
  allow("throughput",  "core")
  allow("report",      "core math io layout source illuminator mask imaging resist metrology")
  allow("job",         "core io " stages)
  allow("flow",        "core math io job " stages)
  allow("verify",      "core math io " stages)
  allow("study",       "core math io job flow " stages)
  allow("results",     "core math io job flow study report " stages)
  allow("program",     "core math io job flow study results report " stages)
  allow("cli",         "core job verify program")
  allow("python",      "core math io job flow verify study results program report " stages)

  # A stage knows of an earlier stage its result alone: this header.
  result["layout"] = "clip.hpp"
  result["source"] = "source.hpp"
  result["illuminator"] = "illuminator.hpp"
  result["mask"] = "mask.hpp"
  result["imaging"] = "imaging.hpp"
  result["resist"] = "resist.hpp"
  result["metrology"] = "metrology.hpp"
  n = split("source illuminator mask imaging resist metrology report", names, " ")
  for (i = 1; i <= n; ++i) stage[names[i]] = 1
  # make_clip.hpp: growing a clip (bias, halo) belongs to the clip.
  extra["mask", "layout/make_clip.hpp"] = extra["metrology", "layout/make_clip.hpp"] = 1
  extra["report", "layout/make_clip.hpp"] = 1
  # What metrology tells of profiles, edges and windows (docs/adr/0004-resist-in-three-dimensions.md).
  extra["report", "metrology/profile.hpp"] = extra["report", "metrology/roughness.hpp"] = 1
  extra["report", "mask/mirror_curves.hpp"] = 1
  extra["report", "metrology/process_window.hpp"] = extra["report", "metrology/failures.hpp"] = 1
}

function fail(why) {
  printf "%s:%d: %s (%s); see docs/adr/0001-foundations.md\n", FILENAME, FNR, $0, why
  bad = 1
}

FNR == 1 {
  path = FILENAME
  public = sub(/^include\/undulith\//, "", path)
  if (!public) sub(/^src\//, "", path)
  module = path
  in_module = sub(/\/.*/, "", module)
  if (in_module && !(module in known)) {
    printf "%s:1: module \"%s\" is not in the table\n", FILENAME, module
    bad = 1
  }
}

!in_module || !/^[ \t]*#[ \t]*include/ { next }

/<fftw3[^>]*\.h>|"fftw3/ {
  if (fftw_file != "" && fftw_file != FILENAME) fail("FFTW already belongs to " fftw_file)
  fftw_file = FILENAME
  if (public || module != "math") fail("only one source of math includes FFTW")
}
/[<"]mpi\.h[>"]/ && FILENAME != "src/flow/distribute.cpp" { fail("only src/flow/distribute.cpp includes MPI") }
/[<"]Random123\// && (public || module != "core") { fail("only core includes Random123") }
/[<"]nlopt\./ && (public || module != "study") { fail("only study includes NLopt") }
/[<"]CLI\// && (public || module != "cli") { fail("only src/cli includes CLI11") }
/[<"](lapacke|cblas)[^>"]*\.h[>"]/ && (public || module != "math") { fail("only math includes LAPACK and BLAS") }
/[<"]pybind11\// && (public || module != "python") { fail("only src/python includes pybind11") }

/"/ {
  name = $0
  sub(/^[^"]*"/, "", name)
  sub(/".*/, "", name)
  if (name ~ /\.\./) { fail("no path through .."); next }
  if (sub(/^undulith\//, "", name)) {
    other = name
    sub(/\/.*/, "", other)
    header = name
    sub(/^[^\/]*\//, "", header)
    if (other == module) next
    if (!(other in known)) fail("no such module")
    else if (!((module, other) in allowed)) fail(module " may not include " other)
    else if ((module in stage) && (other in result) && header != result[other] && !((module, name) in extra))
      fail(module " may include of " other " only its result, " other "/" result[other])
  } else if (name ~ /\//) {
    other = name
    sub(/\/.*/, "", other)
    if (public) fail("a public header includes public headers only")
    else if (other != module) fail("a private header of " other)
  } else if (public) {
    fail("a public header is included as \"undulith/" module "/" name "\"")
  }
}

END { exit bad }
'
