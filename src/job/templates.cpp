// SPDX-License-Identifier: MIT
#include "undulith/job/templates.hpp"

#include <algorithm>
#include <optional>

#include "undulith/core/error.hpp"
#include "undulith/core/spelling.hpp"
#include "undulith/job/keys.hpp"

namespace undulith::job {
namespace {

constexpr const char* kLineSpace = R"(# Lines and spaces, drawn in the job: nothing else is needed to run it.
#   undulith run job.toml
# Every key and its default: undulith explain, or docs/guide/job-keys.md
title = "18 nm spaces at 36 nm pitch"

[source]
kind = "undulator"        # or "lpp", "monochromatic"
wavelength_nm = 13.5

[source.beam]
beam_energy_gev = 0.8
beam_current_a = 0.3

[source.undulator]
period_mm = 28
n_periods = 100

[illuminator]
shape = "dipole"          # two poles along x serve lines that run along y
opening_deg = 90
sigma_inner = 0.5
sigma_outer = 0.9

[mask]
tone = "dark_field"       # drawn shapes are openings
period_x_nm = 36          # the cell repeats in both directions
period_y_nm = 36

[[mask.absorber]]
material = "TaBN"
thickness_nm = 60

[[mask.rectangle]]
x0_nm = 9
y0_nm = 0
x1_nm = 27
y1_nm = 36

[imaging]
na = 0.33

[metrology]
threshold = 0.32          # prints the spaces at their drawn width
placement = "given"       # only the gauges below

[[metrology.gauge]]
name = "space"
x_nm = 18
y_nm = 18
length_nm = 34
)";

constexpr const char* kContactArray = R"(# A square array of contact holes, drawn in the job.
#   undulith run job.toml
title = "24 nm contacts at 48 nm pitch"

[source]
kind = "undulator"

[illuminator]
shape = "quasar"          # four poles on the diagonals, for a square array
sigma_inner = 0.5
sigma_outer = 0.9
opening_deg = 45

[mask]
tone = "dark_field"
edge_bias_nm = 1          # each edge moves outward: holes print smaller than they are drawn
period_x_nm = 48
period_y_nm = 48

[[mask.rectangle]]
x0_nm = 12
y0_nm = 12
x1_nm = 36
y1_nm = 36

[imaging]
na = 0.33
focus_nm = 0

[metrology]
threshold = 0.25          # with the bias, prints the holes at their drawn width
placement = "given"       # only the gauges below

[[metrology.gauge]]
name = "hole_x"
x_nm = 24
y_nm = 24
length_nm = 46

[[metrology.gauge]]
name = "hole_y"
x_nm = 24
y_nm = 24
angle_deg = 90
length_nm = 46
)";

constexpr const char* kLogicClip = R"(# A clip of a logic layer from a layout file.
#   undulith layout masks/logic_clip.gds     shows cells, layers and extents
#   undulith run job.toml
# Put your layout where `file` points, or change the name; it is relative to the folder of this job.
title = "Logic clip"

[layout]
file = "masks/logic_clip.gds"
layer = 1
boundary = "guard"        # the clip stands in its real surroundings ...
guard_nm = 200            # ... of this width

[source]
kind = "undulator"

[illuminator]
shape = "annular"         # lines of both directions
sigma_inner = 0.5
sigma_outer = 0.9

[mask]
tone = "dark_field"

[imaging]
na = 0.33
output_pitch_nm = 1

[metrology]
threshold = 0.3
placement = "layout_edges"  # one gauge across every feature
)";

constexpr const char* kOwnLayout = R"(# Your own layout: set the five keys below, then
#   undulith check job.toml                  says what is wrong before anything is computed
#   undulith run job.toml
title = "My layout"

[layout]
file = "my_layout.gds"    # 1. .gds, .gds.gz or .glp; relative to the folder of this job
cell = ""                 # 2. empty = the only top cell
layer = 1                 # 3. layer and
datatype = 0              #    datatype of the mask
window_nm = []            # 4. [x0, y0, x1, y1] in the layout's coordinates; empty = all of the layer
boundary = "guard"        #    or "periodic", if the window is one period of an array

[mask]
tone = "dark_field"       # 5. drawn shapes are openings; "bright_field" if they are absorber

[source]
kind = "lpp"              # compare: undulith run job.toml --set source.kind=undulator

[illuminator]
shape = "annular"
sigma_inner = 0.5
sigma_outer = 0.9

[imaging]
na = 0.33
)";

}  // namespace

const std::vector<JobTemplate>& job_templates() {
  static const std::vector<JobTemplate> all = {
      {"line_space", "18 nm spaces at 36 nm pitch, drawn in the job; runs as it is", kLineSpace},
      {"contact_array", "24 nm contact holes at 48 nm pitch, drawn in the job; runs as it is", kContactArray},
      {"logic_clip", "a clip of a layout file with gauges on its edges", kLogicClip},
      {"own_layout", "your layout file: the keys to set, one by one", kOwnLayout},
  };
  return all;
}

const JobTemplate& job_template(const std::string& name) {
  const auto& all = job_templates();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const JobTemplate& t) { return t.name == name; });
  if (found != all.end()) return *found;
  std::vector<std::string> names;
  std::string list;
  for (const JobTemplate& t : all) {
    names.push_back(t.name);
    list += (list.empty() ? "" : ", ") + t.name;
  }
  const auto near = closest(name, names);
  throw InputError("there is no template " + name + "; " +
                   (near ? "did you mean " + *near + "?" : "use " + list));
}

}  // namespace undulith::job
