"""The site under load, part of `make bench`: a demo county with a full year and a filled register.

usage: web.py MINGBAI LOAD FOLDER [--people N] [--payments N] [--seconds N] [--rate N] [--repeat N]

Starts the site on an address of this machine alone, asks for every kind of public page as fast as
answers come, then lets villagers look up their own payments at a fixed rate. The best of `--repeat` runs
is the one with the least other work on the machine; all are printed.
"""
import argparse
import csv
import pathlib
import re
import subprocess
import sys

# The one book of the demo county in plain UTF-8 that nearly every household stands in.
BOOK = "*养老金和岗位补贴打卡明细.csv"
COLUMNS = ("公民身份号码", "领取人姓名", "社会保障卡号")


def county(args):
    """Makes the county, when it is not there yet."""
    folder = args.folder / f"site-{args.people}-{args.payments}"
    done = folder / "made"
    if not done.exists():
        if folder.exists():
            sys.exit(f"{folder} is half made: delete it first")
        command = [args.mingbai, "demo", "--dir", folder, "--no-serve"]
        command += ["--people", args.people, "--payments", args.payments]
        subprocess.run([str(part) for part in command], check=True, stdin=subprocess.DEVNULL)
        done.touch()
    return folder


def askers(folder, count):
    """People who were paid: ID number, name, last four digits; nobody twice."""
    known = {}
    for book in sorted(folder.glob(f"files/{BOOK}"), reverse=True):
        with open(book, encoding="utf-8-sig", newline="") as lines:
            rows = csv.reader(lines)
            header = next(row for row in rows if all(column in row for column in COLUMNS))
            number, name, card = (header.index(column) for column in COLUMNS)
            for row in rows:
                digits = re.sub(r"\D", "", row[card])
                if re.fullmatch(r"\d{17}[\dXx]", row[number]) and len(digits) >= 12 and row[name]:
                    known.setdefault(row[number], (row[name].replace(",", ""), digits[-4:]))
        if len(known) >= count:
            break
    people = list(known.items())
    # A stride through all villages.
    step = max(len(people) // count, 1)
    return [(number, name, four) for number, (name, four) in people[::step][:count]]


def serve(args, data):
    """The running site, and its address."""
    command = [str(args.mingbai), "--lang", "en", "serve", "--dir", str(data), "--listen", "127.0.0.1:0"]
    site = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    for line in site.stderr:
        found = re.search(r"http://(127\.0\.0\.1:\d+)/", line)
        if found:
            return site, found.group(1)
    sys.exit("the site did not start")


def memory(site):
    """Peak memory of the site in MiB."""
    status = pathlib.Path(f"/proc/{site.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) // 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mingbai", type=pathlib.Path)
    parser.add_argument("load", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--people", type=int, default=600_000)
    parser.add_argument("--payments", type=int, default=7_500_000)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--repeat", type=int, default=2)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    folder = county(args)
    seconds = 30
    people = askers(folder, args.repeat * args.rate * seconds)
    site, address = serve(args, folder / "data")
    print("\npublic pages: goal 1,000 a second")
    try:
        for turn in range(args.repeat):
            subprocess.run([args.load, "pages", address, str(args.seconds)], check=True)
        print(f"\nown payments at {args.rate} look-ups a second: goal 100 ms for the 99th")
        for turn in range(args.repeat):
            part = people[turn * args.rate * seconds : (turn + 1) * args.rate * seconds]
            lines = folder / "askers.csv"
            lines.write_text("".join(f"{','.join(one)}\n" for one in part), encoding="utf-8")
            own = [args.load, "own", address, lines, str(args.rate), str(seconds)]
            subprocess.run(own, check=True)
            lines.unlink()
        print(f"peak memory of the site: {memory(site)} MiB")
    finally:
        site.terminate()
        site.wait(timeout=90)


if __name__ == "__main__":
    main()
