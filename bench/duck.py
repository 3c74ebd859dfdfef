"""The peer: DuckDB over the same raw tables, as an analyst would do it today.

usage: duck.py FOLDER [--answers FOLDER]   prints one JSON object with seconds
"""
import argparse
import json
import pathlib
import time

import duckdb

from questions import QUESTIONS

TABLES = ["payment", "person", "death", "official", "kin", "vehicle", "company", "house"]
TEXT_COLUMNS = {"id": "VARCHAR", "account": "VARCHAR", "official": "VARCHAR"}


def load(connection, folder):
    for table in TABLES:
        path = folder / f"{table}.csv"
        header = path.open().readline().replace('"', "").strip().split(",")
        types = {name: kind for name, kind in TEXT_COLUMNS.items() if name in header}
        connection.execute(f"create table {table} as select * from read_csv('{path}', types={types})")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--answers", type=pathlib.Path)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    connection = duckdb.connect()
    connection.execute(f"set threads={args.threads}")
    start = time.perf_counter()
    load(connection, args.folder)
    loaded = time.perf_counter() - start
    seconds, answers = {}, {}
    for name, (sql, _) in QUESTIONS.items():
        start = time.perf_counter()
        answers[name] = connection.execute(sql).to_arrow_table()
        seconds[name] = time.perf_counter() - start
    if args.answers:
        import pyarrow.csv as csv

        args.answers.mkdir(parents=True, exist_ok=True)
        for name, table in answers.items():
            csv.write_csv(table, args.answers / f"{name}.csv", csv.WriteOptions(quoting_style="none"))
    print(json.dumps(dict(load=loaded, questions=seconds, rows={n: len(t) for n, t in answers.items()})))


if __name__ == "__main__":
    main()
