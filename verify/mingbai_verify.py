#!/usr/bin/env python3
"""Checks a proof bundle of a public log, without the software that wrote it.

usage: mingbai_verify.py BUNDLE.json CHECKPOINT.txt KEYS.txt

CHECKPOINT is the signed note that you kept or fetched yourself; KEYS is the published key list:
the origin in the first line, then in each line a key with the smallest and largest size that it
may sign (or one key alone). Needs Python 3.9 and the package `cryptography`. Exit code 0: proved;
1: not proved. Formats: c2sp.org tlog-checkpoint and signed-note, RFC 6962 with SHA-256.
"""
import base64
import hashlib
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Refused(Exception):
    """Says in Chinese and English what does not fit."""


def need(fits, zh, en):
    if not fits:
        raise Refused(zh, en)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def unbase64(text, length=None):
    data = base64.b64decode(text, validate=True)
    good = base64.b64encode(data).decode() == text and length in (None, len(data))
    need(good, "编码不规范", "a base64 text is malformed")
    return data


def no_fraction(text):
    raise Refused("内容里有小数", "a fraction stands in the data")


def once(pairs):
    need(len(dict(pairs)) == len(pairs), "同一名称出现两次", "a name stands twice in the data")
    return dict(pairs)


def read_json(text):
    return json.loads(text, parse_float=no_fraction, parse_constant=no_fraction,
                      object_pairs_hook=once)


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read_keys(text):
    lines = [line.split() for line in text.splitlines() if line.strip() and line[0] != "#"]
    origin = lines[0][0].split("+")[0] if "+" in lines[0][0] else " ".join(lines.pop(0))
    keys = []
    for key, *span in lines:
        name, number, data = key.split("+", 2)
        number, data = bytes.fromhex(number), unbase64(data, 33)
        good = data[:1] == b"\x01" and sha256(name.encode(), b"\n", data)[:4] == number
        need(good, "公钥格式不对", "a public key is malformed")
        first, last = [int(n) for n in span] + [0, None][len(span):]
        keys.append((name, number, Ed25519PublicKey.from_public_bytes(data[1:]), first, last))
    return origin, keys


def read_checkpoint(note):
    text, blank, signatures = note.rpartition("\n\n")
    need(blank, "检查点格式不对", "the checkpoint is not a signed note")
    origin, size, root = text.split("\n")[:3]
    need(size == str(int(size)), "检查点格式不对", "the size in the checkpoint is malformed")
    return text + "\n", signatures.splitlines(), origin, int(size), unbase64(root, 32)


def open_checkpoint(note, origin, keys):
    text, signatures, found, size, root = read_checkpoint(note)
    need(found == origin, f"检查点是另一日志 {found} 的", f"the checkpoint is of {found}, another log")
    good = 0
    for mark, name, encoded in (line.split(" ") for line in signatures):
        signature = unbase64(encoded)
        for known, number, key, first, last in keys:
            holds = first <= size and (last is None or size <= last)
            if mark == "—" and holds and known == name and number == signature[:4]:
                key.verify(signature[4:], text.encode())
                good += 1
    need(good, "检查点没有已知公钥的签名", "the checkpoint is not signed by a known key")
    return size, root


def root_of(node, index, size, proof):
    last = size - 1
    for beside in proof:
        need(last > 0, "记录不在日志里", "the leaf is not in the tree: the proof is too long")
        if index & 1 or index == last:
            node = sha256(b"\x01", beside, node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = sha256(b"\x01", node, beside)
        index, last = index >> 1, last >> 1
    return node if last == 0 else b""


def opens(opened, commitment):
    salt = bytes.fromhex(opened["salt"])
    return len(salt) == 16 and sha256(salt, canonical(opened["value"])).hex() == commitment


def check_contents(bundle, leaf):
    """Compares payload and fields with the leaf; returns the names of what is not shown."""
    payload, fields, committed = bundle["payload"], bundle["fields"], leaf.get("fields", {})
    need(payload is None or opens(payload, leaf.get("commit")), "内容与日志中的承诺不符",
         "the payload does not match the commitment in the log")
    for name, opened in fields.items():
        need(name in committed and opens(opened, committed[name]), f"字段 {name} 与日志中的承诺不符",
             f"the field {name} does not match the commitment in the log")
    hidden = ["payload"] if payload is None and "commit" in leaf else []
    return ", ".join(hidden + sorted(set(committed) - set(fields)))


def verify(bundle, checkpoint, keys):
    origin, keys = read_keys(keys)
    bundle = read_json(bundle)
    need(bundle["format"] == "mingbai-proof/1", "证明文件的格式未知", "the bundle's format is unknown")
    size, root = open_checkpoint(checkpoint, origin, keys)
    other = read_checkpoint(bundle["checkpoint"])[3]
    need(other == size, f"证明对应 {other} 条的日志，检查点是 {size} 条，请索取同一检查点的证明",
         f"the proof is for size {other}, the checkpoint for {size}: ask for a proof of that size")
    index, text = bundle["index"], bundle["leaf"]
    need(type(index) is int and 0 <= index < size, "序号超出日志", "the index is outside the log")
    proof = [unbase64(line, 32) for line in bundle["proof"]]
    found = root_of(sha256(b"\x00", text.encode()), index, size, proof)
    need(found == root, "记录不在日志里", "the leaf is not in the tree")
    leaf = read_json(text)
    good = canonical(leaf) == text.encode() and leaf["v"] == 1
    need(good, "叶子格式不对", "the leaf is malformed")
    hidden = check_contents(bundle, leaf)
    zh = f"属实：{leaf['subject']} 是日志 {origin} 共 {size} 条中的第 {index} 条（从 0 数起），所示内容未被改动"
    en = (f"Proved: {leaf['subject']} is leaf {index} (from 0) of the {size} leaves of {origin}, "
          "what is shown is unaltered")
    if hidden:
        return f"{zh}；已删除或未出示：{hidden}。", f"{en}; erased or not shown: {hidden}."
    return f"{zh}。", f"{en}."


def main(paths):
    try:
        need(len(paths) == 3, "用法：mingbai_verify.py 证明 检查点 公钥", "usage: BUNDLE CHECKPOINT KEYS")
        texts = [open(path, encoding="utf-8", newline="").read() for path in paths]
        print("\n".join(verify(*texts)))
        return 0
    except Refused as refused:
        zh, en = refused.args
    except InvalidSignature:
        zh, en = "检查点的签名是假的", "the signature of the checkpoint is false"
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        why = f"({type(error).__name__}: {error})"
        zh, en = f"文件读不懂 {why}", f"a file cannot be read {why}"
    print(f"不能证明：{zh}。\nNot proved: {en}.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
