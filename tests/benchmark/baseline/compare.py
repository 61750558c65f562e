# SPDX-License-Identifier: MIT
"""Runs two builds of Undulith on the same work in turns and prints ratios of processor time.

usage: compare.py WORK ROOT [NAME...]     see ../against_baseline.sh
"""

import csv
import os
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import numpy

os.environ["UNDULITH_CACHE"] = ""  # kept results take no time

ROUNDS = 3  # of each pair of runs; the fastest counts

# name, text, required ratio (AVX-512), largest error allowed
IMAGING = [
    ("2um", "2 x 2 um, 1036 points, double", 2.0, 1e-12),
    ("2um_single", "2 x 2 um, single", 3.0, 3e-6),
    ("2um_10nm", "2 x 2 um, double, 10 nm output", None, 1e-12),
    ("4um", "4 x 4 um, double", 4.0, 1e-12),
    ("4um_single", "4 x 4 um, single", 6.0, 3e-6),
    ("10um", "10 x 10 um, double", 4.5, 1e-12),
    ("10um_single", "10 x 10 um, single", 7.0, 3e-6),
    ("vector", "2 x 2 um, vector, unpolarised", 2.2, 1e-12),
    ("socs", "2 x 2 um, image of 24 kernels", 2.5, 1e-9),
    ("socs_kernels", "24 kernels of 2 x 2 um", 9.0, 1e-9),
]

# name, text, job (of the baseline's examples, or a template), extra lines, required ratio, CD tolerance in nm
JOBS = [
    ("example01", "example 01 as shipped", "examples/01-logic-metal", [], 5.0, 0.01),
    ("example01_multislice", "example 01, mask.model = multislice", "examples/01-logic-metal",
     [("mask.model", '"multislice"')], 20.0, 0.02),
    ("line_space", "template line_space, whole process", "template:line_space", [], 2.0, 0.01),
    ("example04", "example 04, seven sources", "examples/04-compare-sources", [], 4.0, 0.01),
    ("example05", "example 05, film and noise", "examples/05-line-space-resist", [], 2.5, None),
    ("example06", "example 06, film and noise", "examples/06-contact-array-resist", [], 2.5, None),
]


def run(command, cwd=None):
    """CPU seconds, peak MB and standard output of a command."""
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"failed: {' '.join(map(str, command))}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000, output


def imaging_rows(work, wanted):
    for name, text, required, tolerance in IMAGING:
        if wanted and name not in wanted:
            continue
        double = name.removesuffix("_single")
        best, memory, first, images = {}, {}, {}, {}
        for _ in range(1 if "10um" in name or name == "socs_kernels" else ROUNDS):
            for build, case in (("baseline", double), ("now", name)):
                file = work / f"{build}.raw"
                _, _, output = run([work / build / "cases/imaging_case", case, file])
                first_s, best_s, peak_mb, _ = map(float, output.split())
                best[build] = min(best.get(build, 1e9), best_s)
                first[build] = min(first.get(build, 1e9), first_s)
                memory[build] = peak_mb
                images[build] = numpy.fromfile(file)
        difference = numpy.abs(images["baseline"] - images["now"]).max() / images["baseline"].max()
        yield text, best["baseline"], best["now"], required, f"{difference:.0e}", difference <= tolerance, memory
        if name == "2um":
            yield text + ", first call", first["baseline"], first["now"], None, "", True, memory


def job_of(work, job, changes, folder):
    """A job in a folder of its own, from an example or a template of the baseline."""
    shutil.rmtree(folder, ignore_errors=True)
    if job.startswith("template:"):
        folder.mkdir(parents=True)
        run([work / "baseline/undulith", "init", job.removeprefix("template:"), "-o", folder / "job.toml"])
    else:
        # With the layouts and the other examples that it names.
        for part in ("examples", "masks"):
            shutil.copytree(work / "source" / part, folder / part)
        folder = folder / job
    text = (folder / "job.toml").read_text()
    for key, value in changes:
        table, name = key.rsplit(".", 1)
        pattern = re.compile(rf"^{re.escape(name)}\s*=.*$", re.M)
        if f"[{table}]" not in text:
            text += f"\n[{table}]\n{name} = {value}\n"
        elif pattern.search(text):
            text = pattern.sub(f"{name} = {value}", text, count=1)
        else:
            text = text.replace(f"[{table}]", f"[{table}]\n{name} = {value}", 1)
    (folder / "job.toml").write_text(text)
    return folder / "job.toml"


def cds_of(folder):
    """CDs in nm of all measurements and comparisons below a folder: (file, place of the gauge), CD. Names of gauges may change."""
    cds = []
    for file in sorted(folder.rglob("measurements.csv")):
        with open(file, newline="") as lines:
            for row in csv.DictReader(line for line in lines if not line.startswith("#")):
                place = tuple(round(float(row[axis]), 2) for axis in ("x_nm", "y_nm", "angle_deg"))
                cds.append(((file.relative_to(folder), place), float(row["cd_nm"] or "nan")))
    for file in sorted(folder.rglob("comparison.csv")):
        with open(file, newline="") as lines:
            for row in csv.reader(lines):
                if row and row[0] == "cd_nm":
                    cds += [((file.name, i), float(cd or "nan")) for i, cd in enumerate(row[1:])]
    return cds


def job_rows(work, wanted):
    for name, text, job, changes, required, tolerance in JOBS:
        if wanted and name not in wanted:
            continue
        best, memory, cds = {}, {}, {}
        for _ in range(1 if name == "example01_multislice" else ROUNDS):
            for build in ("baseline", "now"):
                path = job_of(work, job, changes, work / "jobs" / name)
                out = work / "jobs" / f"{name}-{build}"
                shutil.rmtree(out, ignore_errors=True)
                command = "compare" if "compare" in job else "run"
                seconds, peak_mb, _ = run(
                    [work / build / "undulith", "-q", "-j", "1", command, path, "-o", out])
                best[build] = min(best.get(build, 1e9), seconds)
                memory[build] = peak_mb
                cds[build] = cds_of(out)
        both = dict(cds["baseline"])
        changes_nm = [abs(cd - both[gauge]) for gauge, cd in cds["now"] if gauge in both and cd == cd]
        largest = max(changes_nm) if changes_nm else float("nan")
        met = tolerance is None or largest <= tolerance
        yield text, best["baseline"], best["now"], required, f"{largest:.4f} nm", met, memory


def main():
    work, root, wanted = Path(sys.argv[1]), Path(sys.argv[2]), set(sys.argv[3:])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    doctor = run([work / "now/undulith", "doctor"])[2]
    width = next(line.split()[-1] for line in doctor.splitlines() if line.startswith("vector_width"))
    print(f"One thread, vectors: {width}. Processor seconds, the fastest of {ROUNDS} runs in turns.\n")
    print("| work | baseline CPU s | now CPU s | ratio | required | largest difference | peak MB, baseline | now |")
    print("|---|---|---|---|---|---|---|---|")
    failed = 0
    for rows in (imaging_rows(work, wanted), job_rows(work, wanted)):
        for text, before, now, required, difference, met, memory in rows:
            ratio = before / now
            met = met and (required is None or ratio >= required)
            failed += not met
            print(f"| {text} | {before:.3f} | {now:.3f} | {ratio:.1f} × | "
                  f"{'' if required is None else f'{required} ×'}{'' if met else ' **missed**'} | {difference} | "
                  f"{memory['baseline']:.0f} | {memory['now']:.0f} |", flush=True)
    peer = root / "tests/benchmark/peers/band_limited_scipy.py"
    if not wanted or "peers" in wanted:
        subprocess.run([sys.executable, peer, work / "now/cases/imaging_case"], check=False)
    sys.exit(1 if failed else 0)


main()
