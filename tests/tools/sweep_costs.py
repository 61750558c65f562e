#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares what `undulith sweep --plan` expects with what sweeps take.

    python3 tests/tools/sweep_costs.py build/undulith

Each sweep runs in a temporary folder without kept results. Exit status 1 if a ratio of processor seconds, expected over
measured, is outside of [0.5, 2]. The constants stand in src/study/sweep_cost.cpp; those of the stages are fitted by
fit_costs.py.
"""
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

os.environ["UNDULITH_CACHE"] = ""
ROOT = pathlib.Path(__file__).resolve().parents[2]

# name, settings and varied keys, all of the template line_space
CASES = [
    ("focus and threshold", [], ["imaging.focus_nm=-60:60:13", "metrology.threshold=0.28:0.34:10"]),
    ("focus and dose of a film", ["resist.model=chemically_amplified"],
     ["imaging.focus_nm=-60:60:9", "throughput.dose_mj_cm2=16:32:9"]),
    ("source points", [], ["illuminator.grid_points=21,301", "imaging.na=0.3:0.36:5"]),
    ("source points of a thick mask", ["mask.model=multislice"], ["illuminator.grid_points=11:101:10"]),
    ("focus with a thick mask", ["mask.model=multislice"], ["imaging.focus_nm=-60:60:13"]),
    ("threshold and dose", [], ["metrology.threshold=0.2:0.4:100", "throughput.dose_mj_cm2=16:32:100"]),
    ("current and focus", [], ["source.beam.beam_current_a=0.1:0.3:6", "imaging.focus_nm=0,20"]),
    ("noise", ["resist.model=chemically_amplified", "stochastics.n_realisations=2", "stochastics.length_nm=200"],
     ["throughput.dose_mj_cm2=20,25,30"]),
]


def children_s():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main():
    undulith = pathlib.Path(sys.argv[1]).resolve()
    worst = 1.0
    print(f"{'sweep':32} {'points':>7} {'expected s':>11} {'measured s':>11} {'ratio':>6}")
    with tempfile.TemporaryDirectory() as folder:
        def run(*arguments):
            return subprocess.run([undulith, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout
        run("init", "line_space", "-q", "-o", "job.toml")
        for number, (name, settings, varied) in enumerate(CASES):
            arguments = ["sweep", "job.toml", "-q"]
            for setting in settings:
                arguments += ["--set", setting]
            for vary in varied:
                arguments += ["--vary", vary]
            plan = json.loads(run(*arguments, "--plan", "--json"))
            before = children_s()
            run(*arguments, "-o", f"out-{number}")
            measured = children_s() - before
            ratio = plan["cpu_s"] / measured
            worst = max(worst, ratio, 1 / ratio)
            print(f"{name:32} {plan['n_points']:7} {plan['cpu_s']:11.2f} {measured:11.2f} {ratio:6.2f}", flush=True)
    print(f"largest factor: {worst:.2f}")
    return 0 if worst <= 2 else 1


if __name__ == "__main__":
    sys.exit(main())
