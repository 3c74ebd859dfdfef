"""Checks logs with pymerkle and cryptography. Reads JSON from standard input, prints a count."""
import base64
import hashlib
import json
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pymerkle import InmemoryTree, verify_consistency, verify_inclusion


def tree_of(entries):
    tree = InmemoryTree(algorithm="sha256")
    for entry in entries:
        tree.append_entry(entry)
    return tree


def consistency_ranges(earlier, low, high, whole=True):
    """SUBPROOF of RFC 6962, 2.1.2, as it is written there; ranges instead of hashes."""
    if earlier == high - low:
        return [] if whole else [(low, high)]
    k = 1
    while k * 2 < high - low:
        k *= 2
    if earlier <= k:
        return consistency_ranges(earlier, low, low + k, whole) + [(low + k, high)]
    return consistency_ranges(earlier - k, low + k, high, False) + [(low, low + k)]


def check_signature(log):
    text, _, lines = log["checkpoint"].rpartition("\n\n")
    name, number, data = log["vkey"].split("+", 2)
    data = base64.b64decode(data)
    key_id = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
    assert key_id.hex() == number and data[0] == 1
    mark, signer, signature = lines.strip().split(" ")
    signature = base64.b64decode(signature)
    assert (mark, signer, signature[:4]) == ("—", name, key_id)
    Ed25519PublicKey.from_public_bytes(data[1:]).verify(signature[4:], (text + "\n").encode())
    origin, size, root = text.split("\n")
    assert (origin, int(size), root) == (name, len(log["entries"]), log["root"])


def check(log):
    entries = [entry.encode() for entry in log["entries"]]
    tree, size = tree_of(entries), len(entries)
    root = base64.b64decode(log["root"])
    assert tree.get_root() == root
    check_signature(log)
    count = 2
    for index, ours in log["inclusion"]:
        ours = [base64.b64decode(text) for text in ours]
        proof = tree.prove_inclusion(index + 1, size)
        assert proof.path[1:] == ours, (size, index)
        proof.path[1:] = ours
        base = hashlib.sha256(b"\x00" + entries[index]).digest()
        verify_inclusion(base, root, proof, index=index + 1, size=size)
        count += 1
    for earlier, old, ours in log["consistency"]:
        old, ours = base64.b64decode(old), [base64.b64decode(text) for text in ours]
        assert tree.get_root(earlier) == old
        # pymerkle divides the path of its own proofs otherwise than RFC 6962: it judges our roots,
        # and hashes the ranges of the RFC.
        verify_consistency(old, root, tree.prove_consistency(earlier, size), earlier, size)
        ranges = consistency_ranges(earlier, 0, size)
        assert [tree_of(entries[low:high]).get_root() for low, high in ranges] == ours
        count += 1
    return count


print(sum(check(log) for log in json.load(sys.stdin)))
