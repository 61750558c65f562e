#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares what `undulith check` expects with what runs take, and fits the constants of the cost model.

    python3 tests/tools/fit_costs.py build/undulith [--threads N] [--repeat N] [--only REGEX]

Each case is run in a temporary folder. The table shows expected and measured processor seconds and megabytes with
their ratios. Below it is, for each part of the plan (light, mask, image, resist, files), the factor by which its
constants have to be multiplied to fit all cases best, least squares of relative errors; the constants stand in
    src/imaging/plan.cpp, src/imaging/socs_plan.cpp      image
    src/mask/plan_thick_mask.cpp                         mask
    src/flow/resist_stage.cpp                            resist
    src/results/check_report.cpp                         files
Exit status 1 if a ratio is outside of [0.5, 2].
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

os.environ["UNDULITH_CACHE"] = ""  # kept results take no time
ROOT = pathlib.Path(__file__).resolve().parents[2]
PARTS = ["source", "mask", "imaging", "resist", "files"]

# name, job of examples/ or template, settings, command
CASES = [
    ("example 01", "01-logic-metal", [], "run"),
    ("example 02", "02-high-na", [], "run"),
    ("example 03", "03-own-optics", [], "run"),
    ("example 04", "04-compare-sources", [], "run"),
    ("example 05, noise", "05-line-space-resist", [], "run"),
    ("example 06, noise", "06-contact-array-resist", [], "run"),
    ("example 07", "07-mask-effects", [], "run"),
    ("template line_space", "line_space", [], "run"),
    ("template contact_array", "contact_array", [], "run"),
    ("line_space, rigorous", "line_space", ['mask.model="rigorous"'], "run"),
    ("contact_array, rigorous", "contact_array", ['mask.model="rigorous"'], "run"),
    ("01, 3-D mask", "01-logic-metal", ['mask.model="multislice"'], "run"),
    ("01, defocus", "01-logic-metal", ["imaging.focus_nm=40"], "run"),
    ("01, no pictures", "01-logic-metal", ["outputs=[]"], "run"),
    ("01, single precision", "01-logic-metal", ['imaging.precision="single"', "imaging.focus_nm=40"], "run"),
    ("01, scalar", "01-logic-metal", ['imaging.field_model="scalar"'], "run"),
    ("01, SOCS", "01-logic-metal", ['imaging.method="socs"'], "run"),
    ("04, SOCS", "04-compare-sources", ['imaging.method="socs"'], "run"),
    ("cell of 2.3 um", "04-compare-sources", ["mask.period_x_nm=2304", "mask.period_y_nm=2304"], "run"),
    ("cell of 4.6 um", "04-compare-sources", ["mask.period_x_nm=4608", "mask.period_y_nm=4608"], "run"),
    ("cell of 4.6 um, scalar", "04-compare-sources",
     ["mask.period_x_nm=4608", "mask.period_y_nm=4608", 'imaging.field_model="scalar"', "imaging.focus_nm=20"], "run"),
    ("2.3 um, SOCS", "04-compare-sources",
     ["mask.period_x_nm=2304", "mask.period_y_nm=2304", 'imaging.method="socs"'], "run"),
    ("05, film without noise", "05-line-space-resist", ["stochastics.n_realisations=0"], "run"),
    ("06, film without noise", "06-contact-array-resist", ["stochastics.n_realisations=0"], "run"),
    ("06, 12 realisations", "06-contact-array-resist", ["stochastics.n_realisations=12"], "run"),
    ("window of example 01", "01-logic-metal", [], "window"),
    ("window of example 05", "05-line-space-resist", ["stochastics.n_realisations=0"], "window"),
    ("window of line_space", "line_space", [], "window"),
    ("mask study of example 07", "07-mask-effects", [], "mask"),
    ("long undulator", "line_space", ["source.undulator.n_periods=2000"], "run"),
]


def measured(command):
    """Processor seconds and peak megabytes of a command that succeeds."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{' '.join(map(str, command))}: {errors}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def fit(rows):
    """Factors >= 0 of the parts for which the sum of (expected / measured - 1)^2 is smallest."""
    factors = dict.fromkeys(PARTS, 1.0)
    for _ in range(2000):
        for part in PARTS:
            above = below = 0.0
            for parts, seconds in rows:
                others = sum(factors[p] * parts[p] for p in PARTS if p != part)
                above += parts[part] * (seconds - others) / seconds**2
                below += (parts[part] / seconds) ** 2
            if below > 0:
                factors[part] = max(0.0, above / below)
    return factors


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("program", type=pathlib.Path)
    arguments.add_argument("--threads", type=int, default=1)
    arguments.add_argument("--repeat", type=int, default=1, help="the fastest of so many runs counts")
    arguments.add_argument("--only", default="", help="cases whose name matches this")
    options = arguments.parse_args()
    program = options.program.resolve()
    rows, outside = [], 0
    print(f"{'case':28} {'expected s':>10} {'measured s':>10} {'ratio':>6} {'expected MB':>11} {'measured MB':>11} {'ratio':>6}")
    with tempfile.TemporaryDirectory() as folder:
        for name, job, settings, command in CASES:
            if not re.search(options.only, name):
                continue
            path = ROOT / "examples" / job / "job.toml"
            if not path.exists():
                path = pathlib.Path(folder) / f"{job}.toml"
                subprocess.run([program, "-q", "init", job, "-o", path, "-f"], check=True, stdout=subprocess.DEVNULL)
            more = [word for setting in settings for word in ("--set", setting)]
            threads = ["-j", str(options.threads)]
            checked = subprocess.run([program, "--json", "-q", *threads, "check", path, *more], capture_output=True, text=True)
            if checked.returncode:
                sys.exit(f"{name}: {checked.stderr}")
            plan = json.loads(checked.stdout)
            call = [program, "-q", *threads, command, path, *more, "-f", "-o", pathlib.Path(folder) / "out"]
            runs = [measured(call) for _ in range(options.repeat)]
            seconds, megabytes = min(r[0] for r in runs), max(r[1] for r in runs)
            expected_s = plan.get({"run": "cpu_s", "window": "window_cpu_s", "mask": "mask_effects_cpu_s"}[command], 0)
            ratios = [expected_s / seconds]
            line = f"{name:28} {expected_s:10.2f} {seconds:10.2f} {ratios[0]:6.2f}"
            if command == "run":
                ratios.append(plan["memory_mb"] / megabytes)
                line += f" {plan['memory_mb']:11.0f} {megabytes:11.0f} {ratios[1]:6.2f}"
                rows.append(({part: plan["parts"][f"{part}_cpu_s"] for part in PARTS}, seconds))
            wrong = any(not 0.5 <= ratio <= 2 for ratio in ratios)
            outside += wrong
            print(line + ("  <-" if wrong else ""), flush=True)
    print("factors:", ", ".join(f"{part} {factor:.2f}" for part, factor in fit(rows).items()))
    return 1 if outside else 0


if __name__ == "__main__":
    sys.exit(main())
