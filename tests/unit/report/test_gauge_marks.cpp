// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "report/gauge_marks.hpp"

using namespace undulith;

TEST_CASE("marks of gauges: only what did not print counts as a failure", "[unit][report]") {
  metrology::Measurement measurement;
  metrology::GaugeResult measured;
  measured.cd_nm = 20;
  measured.edge_left_nm = -10;
  measured.edge_right_nm = 10;
  metrology::GaugeResult end;  // a line end: one edge, printed, no CD
  end.gauge.edges = metrology::GaugeEdges::left;
  end.edge_left_nm = -4;
  measurement.gauges = {measured, end};
  CHECK(report::gauge_legend(measurement, 2) == "CD in nm");

  end.status = metrology::PrintStatus::not_printed;
  metrology::GaugeResult merged;
  merged.status = metrology::PrintStatus::merged;
  measurement.gauges = {measured, end, merged};
  CHECK(report::gauge_legend(measurement, 2) == "CD in nm (× not printed or merged: 2)");
}
