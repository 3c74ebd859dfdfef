"""Pages of the workbench over a full county-year: median, 95th percentile and size of each.

usage: workbench.py MINGBAI FOLDER [--people N] [--payments N] [--times N] [--at-once N]

Makes the demo county when it is not there yet, takes every finding of its screening into the register,
starts the site on an address of this machine alone, signs in as each supervisor of the demo and opens every
page of the workbench `--times` times, `--at-once` readers side by side. Then a screening is started from the
web, and the pages are opened again while it runs. Ends with code 1 when a 95th percentile is 300 ms or more.
"""
import argparse
import concurrent.futures
import http.client
import pathlib
import re
import subprocess
import sys
import time
import urllib.parse

GOAL_MS = 300
PASSWORD = "mingbai-demo"
SUPERVISION = "/office/supervision"


class Reader:
    """Somebody with a session and a connection of his own."""

    def __init__(self, address, cookie=""):
        self.address, self.cookie = address, cookie
        self.line = http.client.HTTPConnection(address, timeout=60)

    def ask(self, method, path, fields=None):
        head = {"cookie": self.cookie, "sec-fetch-site": "same-origin", "accept-encoding": "gzip"}
        body = urllib.parse.urlencode(fields) if fields else None
        if body:
            head["content-type"] = "application/x-www-form-urlencoded"
        else:
            head.pop("accept-encoding")
        begun = time.perf_counter()
        self.line.request(method, path, body, head)
        answer = self.line.getresponse()
        text = answer.read()
        return answer, text.decode("utf-8", "replace"), (time.perf_counter() - begun) * 1000

    def sign_in(self, login):
        door, text, _ = self.ask("GET", "/sign-in")
        self.cookie = door.getheader("set-cookie").split(";")[0]
        form = {"token": token(text), "login": login, "password": PASSWORD}
        inside, text, _ = self.ask("POST", "/sign-in", form)
        if inside.status != 303:
            sys.exit(f"{login} is not let in: {inside.status}")
        self.cookie = inside.getheader("set-cookie").split(";")[0]
        return self

    def token(self):
        return token(self.ask("GET", "/office/account")[1])


def token(text):
    return re.search(r'name="token" value="([^"]+)"', text).group(1)


def county(args):
    """Makes the county, when it is not there yet, with all findings in the register."""
    folder = args.folder / f"workbench-{args.people}-{args.payments}"
    done = folder / "made"
    if not done.exists():
        if folder.exists():
            sys.exit(f"{folder} is half made: delete it first")
        command = [args.mingbai, "demo", "--dir", folder, "--no-serve"]
        command += ["--people", args.people, "--payments", args.payments]
        subprocess.run([str(part) for part in command], check=True, stdin=subprocess.DEVNULL)
        begun = time.time()
        subprocess.run([str(args.mingbai), "checks", "take-in", "--dir", str(folder / "data")], check=True)
        print(f"all findings taken in: {time.time() - begun:.1f} s")
        done.touch()
    return folder


def supervisors(args, data):
    """The first account of each role that supervises."""
    listed = subprocess.run(
        [str(args.mingbai), "user", "list", "--dir", str(data)], check=True, capture_output=True, text=True
    ).stdout
    known = {}
    for line in listed.splitlines():
        words = line.split()
        if len(words) >= 3 and words[2] in ("CF", "CL2", "CJ", "CA", "TDI"):
            known.setdefault(words[2], words[0])
    return known


def serve(args, data):
    command = [str(args.mingbai), "--lang", "en", "serve", "--dir", str(data), "--listen", "127.0.0.1:0"]
    site = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    for line in site.stderr:
        found = re.search(r"http://(127\.0\.0\.1:\d+)/", line)
        if found:
            return site, found.group(1)
    sys.exit("the site did not start")


def pages(reader):
    """Addresses of each kind of page, as the pages themselves lead there."""
    board = reader.ask("GET", SUPERVISION)[1]
    listed = reader.ask("GET", f"{SUPERVISION}/findings")[1]
    places = re.findall(r'<option value="(\d{9,12})"', board)
    years = re.findall(r'<option value="(\d{4})"', board)
    found = re.findall(rf'href="({SUPERVISION}/findings/F[^"]+)"', listed)
    ledger = reader.ask("GET", f"{SUPERVISION}/clues")[1]
    clues = re.findall(rf'href="({SUPERVISION}/clues/XS[^"]+)"', ledger)
    kinds = {
        "board": [SUPERVISION],
        "board, one place": [f"{SUPERVISION}?place={place}" for place in places[:20]],
        "list, first page": [f"{SUPERVISION}/findings"],
        "list, deep page": [f"{SUPERVISION}/findings?page={page}" for page in (5, 50, 200)],
        "list, one place": [f"{SUPERVISION}/findings?place={place}&state=new" for place in places[:20]],
        "finding": found[:30],
        "clues": [f"{SUPERVISION}/clues"],
        "clue": clues[:20],
        "rectifications": [f"{SUPERVISION}/rectifications"],
        "months": [f"{SUPERVISION}/months"] + [f"{SUPERVISION}/months?year={year}" for year in years],
        "money": [f"{SUPERVISION}/money"] + [f"{SUPERVISION}/money?year={year}" for year in years],
        "overdue": [f"{SUPERVISION}/overdue"],
        "report": [f"{SUPERVISION}/report"],
    }
    return {kind: paths for kind, paths in kinds.items() if paths}


def subject(reader):
    """Pages of one subject and of what it is tied to; none without a right."""
    listed = reader.ask("GET", f"{SUPERVISION}/findings")[1]
    for path in re.findall(rf'href="({SUPERVISION}/findings/F[^"]+)"', listed)[:10]:
        shown = reader.ask("GET", path)[1]
        if 'action="/office/subjects"' not in shown:
            continue
        form = {"token": token(shown), "finding": path.rsplit("/", 1)[1], "choice": "0", "purpose": "bench"}
        begun, _, _ = reader.ask("POST", "/office/subjects", form)
        if begun.status == 303:
            first = begun.getheader("location")
            text = reader.ask("GET", first)[1]
            return [first] + list(dict.fromkeys(re.findall(r'href="(/office/subjects/[0-9a-f]+)"', text)))[:6]
    return []


def measured(args, address, cookie, paths):
    """Times of a kind of page in ms, sorted, and the size of the last answer."""

    def ask(part):
        reader, times, size = Reader(address, cookie), [], 0
        for at in range(part, args.times, args.at_once):
            path = paths[at % len(paths)]
            answer, text, ms = reader.ask("GET", path)
            if answer.status != 200:
                sys.exit(f"{path} answers {answer.status}")
            times.append(ms)
            size = len(text)
        return times, size

    with concurrent.futures.ThreadPoolExecutor(args.at_once) as pool:
        parts = list(pool.map(ask, range(args.at_once)))
    return sorted(ms for times, _ in parts for ms in times), max(size for _, size in parts)


def told(name, rows):
    """Prints a line for each kind of page with its times; the worst 95th percentile."""
    print(f"\n{name}\n{'page':22}{'median':>10}{'95th':>10}{'largest':>10}{'kB':>8}")
    worst = 0
    for kind, times, size in rows:
        at = lambda share: times[min(int(len(times) * share), len(times) - 1)]
        worst = max(worst, at(0.95))
        print(f"{kind:22}{at(0.5):>7.1f} ms{at(0.95):>7.1f} ms{times[-1]:>7.1f} ms{size / 1000:>8.1f}")
    return worst


def table(args, address, role, cookie, kinds):
    rows = [(kind, *measured(args, address, cookie, paths)) for kind, paths in kinds.items()]
    return told(f"{role}: {args.at_once} readers at once", rows)


def screen(address, cookie, args, kinds):
    """Starts a screening from the web and opens pages while it runs."""
    reader, page = Reader(address, cookie), f"{SUPERVISION}/screening"
    begun, _, _ = reader.ask("POST", page, {"token": reader.token()})
    if begun.status != 303:
        sys.exit(f"the screening did not start: {begun.status}")
    start = time.time()
    few = {kind: kinds[kind] for kind in ("board", "list, first page", "finding") if kind in kinds}
    taken = {kind: ([], 0) for kind in few}
    while "data-poll" in reader.ask("GET", page)[1]:
        for kind, paths in few.items():
            times, size = measured(args, address, cookie, paths)
            taken[kind] = (taken[kind][0] + times, size)
    took, text = time.time() - start, reader.ask("GET", page)[1]
    rows = [(kind, sorted(times), size) for kind, (times, size) in taken.items() if times]
    worst = told("CF, while a screening started from the web runs", rows)
    found = re.search(r"[\d,]+ findings, [\d,]+ of them new|命中 [^。]+", text)
    print(f"\nscreening from the web: {took:.1f} s; {found.group(0) if found else 'see its page'}")
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mingbai", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--people", type=int, default=600_000)
    parser.add_argument("--payments", type=int, default=7_500_000)
    parser.add_argument("--times", type=int, default=60)
    parser.add_argument("--at-once", type=int, default=4)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    data = county(args) / "data"
    known = supervisors(args, data)
    site, address = serve(args, data)
    worst = 0
    try:
        for role, login in known.items():
            reader = Reader(address).sign_in(login)
            if reader.ask("GET", SUPERVISION)[0].status != 200:
                continue
            kinds = pages(reader)
            subjects = subject(reader)
            if subjects:
                kinds["subject"] = subjects
            worst = max(worst, table(args, address, role, reader.cookie, kinds))
        owner = Reader(address).sign_in(known["CF"])
        worst = max(worst, screen(address, owner.cookie, args, pages(owner)))
    finally:
        site.terminate()
        site.wait(timeout=90)
    print(f"\nworst 95th percentile: {worst:.0f} ms, goal {GOAL_MS} ms")
    sys.exit(worst >= GOAL_MS)


if __name__ == "__main__":
    main()
