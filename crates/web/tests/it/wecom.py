"""The platform's side of a WeCom group bot, written from its description and sharing nothing with the site: takes
messages for one key, twenty a minute, and says no as the platform does. Prints its port, and what it took at /seen;
/mode makes it fail."""

import json
import sys
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

KEY = sys.argv[1]
SEEN, LATELY, MODE = [], deque(), {"mode": "up"}


def refused(code, message):
    return {"errcode": code, "errmsg": f"{message}, hint: [17], from ip: 127.0.0.1, key={KEY}, more info at .../query?e={code}"}


def judged(address, kind, body):
    if address.path != "/cgi-bin/webhook/send" or parse_qs(address.query).get("key") != [KEY]:
        return refused(93000, "invalid webhook url")
    try:
        message = json.loads(body.decode("utf-8"))
    except ValueError:
        return refused(47001, "data format error")
    if kind.split(";")[0] != "application/json" or message.get("msgtype") != "text":
        return refused(40008, "invalid message type")
    content = message.get("text", {}).get("content")
    if not isinstance(content, str) or not content:
        return refused(44004, "empty content")
    if len(content.encode("utf-8")) > 2048:
        return refused(40058, "text.content exceed max length 2048")
    now = time.monotonic()
    while LATELY and now - LATELY[0] > 60:
        LATELY.popleft()
    if len(LATELY) >= 20:
        return refused(45009, "api freq out of limit")
    LATELY.append(now)
    SEEN.append({"content": content, "host": MODE["host"]})
    return {"errcode": 0, "errmsg": "ok"}


class Platform(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, value, status=200):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json; charset=utf-8")
        # In pieces, as the platform may.
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for part in (body[:7], body[7:]):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        self.wfile.write(b"0\r\n\r\n")

    def do_GET(self):
        address = urlsplit(self.path)
        if address.path == "/mode":
            MODE["mode"] = address.query
        self.answer(SEEN)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        MODE["host"] = self.headers["host"]
        if MODE["mode"] == "down":
            self.answer({"error": KEY}, 502)
        elif MODE["mode"] == "odd":
            self.answer(["not", "a", "bot"])
        else:
            self.answer(judged(urlsplit(self.path), self.headers.get("content-type", ""), body))

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Platform)
print(server.server_port, flush=True)
server.serve_forever()
