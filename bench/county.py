"""A county-year for the benchmark: eight tables as CSV in a folder, the same for every seed.

usage: county.py FOLDER [--people N] [--payments N] [--seed N] [--months 1-12]

All people, cards and places are made up: division prefix 990426, cards 6299....
Shape after a middling county: most people get a few payments, some get many; 6 % have died;
1 % of the payments to the dead are wrong; 0.2 % of the payments go to somebody else's account.
"""
import argparse
import pathlib

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv

VILLAGES = 297
PROGRAMMES = 40
CADRES = 1_500
SURNAMES = np.array(list("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"))
GIVEN = np.array(list("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国"))
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECKS = np.array(list("10X98765432"))


def id_numbers(rng, count):
    """Distinct ID numbers with a right check digit, and their birth days as yyyymmdd."""
    birth = (
        rng.integers(1930, 2022, count) * 10_000
        + rng.integers(1, 13, count) * 100
        + rng.integers(1, 29, count)
    )
    serial = rng.integers(0, 1000, count)
    body = np.char.add(
        np.char.add("990426", birth.astype(str)), np.char.zfill(serial.astype(str), 3)
    )
    digits = body.view("U1").reshape(count, -1)[:, :17].astype(np.int64)
    numbers = np.char.add(body, CHECKS[(digits * WEIGHTS).sum(1) % 11])
    _, first = np.unique(numbers, return_index=True)
    first.sort()
    return numbers[first], birth[first]


def write(folder, name, columns):
    csv.write_csv(pa.table(columns), folder / f"{name}.csv")


def registers(rng, folder, people):
    """The seven registers; returns what payments need to know of each person."""
    ids, birth = id_numbers(rng, people)
    count = len(ids)
    village = rng.integers(0, VILLAGES, count)
    names = np.char.add(
        np.char.add(SURNAMES[rng.integers(0, len(SURNAMES), count)], GIVEN[rng.integers(0, len(GIVEN), count)]),
        GIVEN[rng.integers(0, len(GIVEN), count)],
    )
    death_day = (
        20_180_101
        + rng.integers(0, 7, count) * 10_000
        + rng.integers(0, 12, count) * 100
        + rng.integers(0, 28, count)
    )
    death = np.where(rng.random(count) < 0.06, death_day, 0)
    write(folder, "person", dict(id=ids, name=names, birth=birth, village=village, household=rng.integers(0, count // 3, count)))
    dead = death > 0
    write(folder, "death", dict(id=ids[dead], death=death[dead]))

    def some(share):
        return rng.choice(count, max(int(count * share), CADRES), replace=False)

    official = some(0.02)
    cadre = np.where(np.arange(len(official)) < CADRES, "cadre", "staff")
    write(folder, "official", dict(id=ids[official], unit=rng.integers(0, 300, len(official)), cadre=cadre))
    kin = some(0.025)
    write(folder, "kin", dict(id=ids[kin], official=ids[official[rng.integers(0, CADRES, len(kin))]]))
    owner = some(0.2)
    write(folder, "vehicle", dict(id=ids[owner], price=rng.integers(20_000, 600_000, len(owner))))
    owner = some(0.033)
    write(folder, "company", dict(id=ids[owner], capital=rng.integers(10_000, 5_000_000, len(owner))))
    owner = some(0.25)
    write(folder, "house", dict(id=ids[owner], area=rng.integers(40, 300, len(owner))))
    return ids, names, village, death


def payments(rng, folder, payments_count, months, known):
    """One file a month, and one of all months but the last for the test of a late arrival."""
    ids, names, village, death = known
    count = len(ids)
    who = (rng.random(payments_count) ** 1.5 * count).astype(np.int64)
    programme = rng.integers(0, PROGRAMMES, payments_count)
    # Nearly all payments to the dead were stopped.
    paid = (death[who] == 0) | (rng.random(payments_count) < 0.01)
    who, programme = who[paid], programme[paid]
    total = len(who)
    day = 20_250_101 + rng.integers(0, months, total) * 100 + rng.integers(0, 28, total)
    holder = np.where(rng.random(total) < 0.998, who, rng.integers(0, count, total))
    amount = rng.integers(50, 3000, total) * 100
    order = np.argsort(day, kind="stable")
    last = 20_250_101 + (months - 1) * 100
    split = int(np.searchsorted(day[order], last))
    for name, part in [("payment", order), ("payment_before", order[:split]), ("payment_last", order[split:])]:
        account = np.char.add("62990000", np.char.zfill(holder[part].astype(str), 11))
        write(folder, name, dict(
            date=day[part], program=programme[part], village=village[who[part]], id=ids[who[part]],
            name=names[who[part]], account=account, amount=amount[part] // 100,
        ))
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--people", type=int, default=600_000)
    parser.add_argument("--payments", type=int, default=7_950_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--months", type=int, default=12)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(args.seed)
    known = registers(rng, args.folder, args.people)
    total = payments(rng, args.folder, args.payments, args.months, known)
    print(f"{len(known[0])} people, {total} payments in {args.folder}")


if __name__ == "__main__":
    main()
