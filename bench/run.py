"""`make bench`: mingbai beside DuckDB on the same machine in one run; prints ratios, not only times.

usage: run.py MINGBAI QUESTIONS_PROGRAM FOLDER [--payments N] [--people N] [--repeat N]

Ratios are DuckDB's seconds divided by ours: above 1 we are faster. Each figure is the median of
`--repeat` runs, the two programs in turn, so that a drift of the machine's speed touches both.
"""
import argparse
import csv
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

from questions import QUESTIONS

HERE = pathlib.Path(__file__).resolve().parent
# Raw tables beside the payments.
FILES = ["person", "death", "official", "kin", "vehicle", "company", "house"]


def timed(command, **options):
    """Seconds, peak memory in MiB and standard output of a command that must succeed."""
    start = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, **options)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if process.returncode:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return seconds, usage.ru_maxrss / 1024, output.decode()


class Bench:
    def __init__(self, args):
        self.args = args

    def county(self, folder, people, payments):
        stamp = folder / f"made-{people}-{payments}"
        if not stamp.exists():
            shutil.rmtree(folder, ignore_errors=True)
            timed([sys.executable, HERE / "county.py", folder, "--people", people, "--payments", payments])
            stamp.touch()
        return folder

    def duck(self, folder, answers=None):
        command = [sys.executable, "-W", "ignore", HERE / "duck.py", folder]
        seconds, memory, output = timed(command + (["--answers", answers] if answers else []))
        return dict(json.loads(output), wall=seconds, memory=memory)

    def init(self, data):
        shutil.rmtree(data, ignore_errors=True)
        shutil.rmtree(f"{data}-keys", ignore_errors=True)
        timed([self.args.mingbai, "init", "--quiet", data])

    def load(self, data, dataset, path):
        command = [self.args.mingbai, "import", "--quiet", "--dir", data, "--as", dataset]
        if dataset == "payroll":
            command += ["--map", HERE / "official.toml"]
        return timed(command + [path])

    def load_all(self, data, folder, payment):
        """Everything as a clerk does it: the file that needs a mapping, then one folder with the others."""
        self.init(data)
        inbox = data.parent / "inbox"
        shutil.rmtree(inbox, ignore_errors=True)
        inbox.mkdir()
        for name in [raw for raw in FILES if raw != "official"] + [payment]:
            (inbox / f"{name}.csv").symlink_to((folder / f"{name}.csv").resolve())
        runs = [self.load(data, "payroll", folder / "official.csv"),
                timed([self.args.mingbai, "import", "--quiet", "--dir", data, inbox])]
        return sum(run[0] for run in runs), max(run[1] for run in runs)

    def ask(self, data, answers=None, keep=False):
        questions = data.parent / "questions.json"
        questions.write_text(json.dumps({name: ours for name, (_, ours) in QUESTIONS.items()}))
        command = [self.args.questions, data, questions] + ([answers] if answers else [])
        command += ["--keep"] if keep else []
        seconds, memory, output = timed(command)
        return dict(json.loads(output), wall=seconds, memory=memory)


def rows(path, name):
    """Sorted lines of an answer. Household numbers are not kept by mingbai: that column goes."""
    lines = path.read_text().splitlines()[1:]
    if name == "multi_household":
        lines = [line.split(",", 1)[1] for line in lines]
    return sorted(lines)


def compare(duck, ours):
    """Names of questions whose answers differ, row by row, whatever the order."""
    different = []
    for name in QUESTIONS:
        theirs = rows(duck / f"{name}.csv", name)
        found = rows(ours / f"{name}.csv", name)
        if theirs != found:
            different.append(f"{name} ({len(theirs)} rows against {len(found)})")
    return different


def median(runs, of):
    return statistics.median(of(run) for run in runs)


def questions_total(run):
    """Ours plans all questions first; DuckDB plans each when it is asked."""
    return run.get("plan", 0) + sum(run["questions"].values())


def show(title, theirs, ours, goal):
    print(f"{title:44}{theirs:9.2f} s {ours:9.2f} s {theirs / ours:8.1f} x   goal {goal}")


def county_year(bench, root):
    folder = bench.county(root / "county", bench.args.people, bench.args.payments)
    data = root / "data"
    ducks, loads, asks, lates = [], [], [], []
    for turn in range(bench.args.repeat):
        ducks.append(bench.duck(folder, root / "duck"))
        loads.append(bench.load_all(data, folder, "payment"))
        asks.append(bench.ask(data, root / "ours" if turn == 0 else None))
    for turn in range(bench.args.repeat):
        bench.load_all(data, folder, "payment_before")
        bench.ask(data, keep=True)
        month = bench.load(data, "payments", folder / "payment_last.csv")
        # Writing the answers down for comparison is no part of the figure.
        lates.append((month[0], bench.ask(data, keep=True)))
        if turn == 0:
            bench.ask(data, root / "late", keep=True)
    different = compare(root / "duck", root / "ours") + compare(root / "duck", root / "late")
    print("answers: " + ("the same for all fifteen questions, asked anew and from kept answers" if not different else "DIFFERENT: " + ", ".join(different)))
    print(f"\n{'':44}{'DuckDB':>11} {'mingbai':>11} {'ratio':>10}")
    for name in QUESTIONS:
        theirs, ours = (median(runs, lambda r: r["questions"][name]) for runs in (ducks, asks))
        print(f"  {name:42}{theirs:9.3f} s {ours:9.3f} s {theirs / max(ours, 1e-4):8.1f} x")
    table = median(ducks, questions_total)
    full = median(ducks, lambda r: r["load"] + questions_total(r))
    show("15 questions over stored facts", table, median(asks, questions_total), "5 x")
    show("  the same with opening and loading the facts", table, median(asks, lambda r: r["wall"]), "-")
    show("CSV to answers", full, median(loads, lambda r: r[0]) + median(asks, lambda r: r["wall"]), "1 x")
    late = statistics.median(month + ask["wall"] for month, ask in lates)
    show("one more month against a full re-run", full, late, "10 x")
    month, ask = min(lates, key=lambda run: abs(run[0] + run[1]["wall"] - late))
    print(f"  its import {month:.2f} s, asking {ask['wall']:.2f} s (loading {ask['load']:.2f} s, planning "
          f"{ask['plan']:.2f} s, questions {sum(ask['questions'].values()):.2f} s, keeping {ask['keep']:.2f} s)")
    peak = max(max(run[1] for run in loads), max(run["memory"] for run in asks))
    print(f"{'peak memory':44}{max(r['memory'] for r in ducks):7.0f} MiB {peak:7.0f} MiB            goal 1024 MiB")
    return not different


def person(bench, root, count=200):
    """`mingbai person` as whole processes, each with its durable entry in the access log."""
    data = root / "data"
    bench.load_all(data, root / "county", "payment")
    with open(root / "county" / "person.csv", encoding="utf-8", newline="") as lines:
        numbers = [row["id"] for row in csv.DictReader(lines)]
    seconds = []
    for number in numbers[:: max(len(numbers) // count, 1)][:count]:
        command = [bench.args.mingbai, "person", "--dir", data, "--id", number, "--purpose", "bench"]
        seconds.append(timed(command)[0])
    cuts = statistics.quantiles(seconds, n=100)
    print(f"\nmingbai person, {len(seconds)} people: median {cuts[49] * 1000:.0f} ms, 90th {cuts[89] * 1000:.0f} ms, "
          f"99th {cuts[98] * 1000:.0f} ms   goal 50 ms for the 99th")


def growth(bench, root):
    print(f"\ngrowth{'rows':>16}{'import':>11}{'questions':>12}{'memory':>13}")
    for part in (4, 2, 1):
        people, payments = bench.args.people // part, bench.args.payments // part
        folder = bench.county(root / f"county-{part}", people, payments) if part > 1 else root / "county"
        data = root / "growth"
        seconds, memory = bench.load_all(data, folder, "payment")
        ask = bench.ask(data)
        rows = bench.args.payments // part
        print(f"  {4 // part}x{rows:18,}{seconds:9.2f} s{questions_total(ask):10.2f} s{max(memory, ask['memory']):9.0f} MiB")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mingbai", type=pathlib.Path)
    parser.add_argument("questions", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--people", type=int, default=600_000)
    parser.add_argument("--payments", type=int, default=7_950_000)
    parser.add_argument("--repeat", type=int, default=3)
    bench = Bench(parser.parse_args())
    root = bench.args.folder
    root.mkdir(parents=True, exist_ok=True)
    same = county_year(bench, root)
    person(bench, root)
    growth(bench, root)
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
