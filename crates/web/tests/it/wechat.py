"""The platform's side of a WeChat official account, written from its description and sharing nothing with
the site: makes calls, and opens answers. Reads one JSON object a line, writes one a line."""

import base64
import hashlib
import json
import os
import struct
import sys
import xml.etree.ElementTree as tree

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def signature(*parts):
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def cipher(key):
    raw = base64.b64decode(key + "=")
    assert len(raw) == 32
    return Cipher(algorithms.AES(raw), modes.CBC(raw[:16]))


def seal(key, text, app_id):
    text = text.encode()
    plain = os.urandom(16) + struct.pack(">I", len(text)) + text + app_id.encode()
    pad = padding.PKCS7(256).padder()
    work = cipher(key).encryptor()
    return base64.b64encode(work.update(pad.update(plain) + pad.finalize()) + work.finalize()).decode()


def unseal(key, sealed, app_id):
    work = cipher(key).decryptor()
    pad = padding.PKCS7(256).unpadder()
    plain = work.update(base64.b64decode(sealed, validate=True)) + work.finalize()
    plain = pad.update(plain) + pad.finalize()
    (length,) = struct.unpack(">I", plain[16:20])
    assert plain[20 + length:].decode() == app_id, "another account"
    return plain[20:20 + length].decode()


def fields(xml):
    root = tree.fromstring(xml)
    assert root.tag == "xml"
    return {child.tag: child.text for child in root}


def call(token, time, nonce, xml, key=None, app_id=""):
    query = {"signature": signature(token, time, nonce), "timestamp": time, "nonce": nonce}
    if key is None:
        return {"query": query, "body": xml}
    sealed = seal(key, xml, app_id)
    query |= {"encrypt_type": "aes", "msg_signature": signature(token, time, nonce, sealed)}
    body = f"<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    return {"query": query, "body": body}


def opened(token, body, key=None, app_id=""):
    if key is None:
        return fields(body)
    outer = fields(body)
    expected = signature(token, outer["TimeStamp"], outer["Nonce"], outer["Encrypt"])
    assert outer["MsgSignature"] == expected, "signature"
    return fields(unseal(key, outer["Encrypt"], app_id))


for line in sys.stdin:
    asked = json.loads(line)
    do = {"call": call, "opened": opened}[asked.pop("do")]
    print(json.dumps(do(**asked)))
