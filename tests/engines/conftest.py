"""A web server on this machine that counts what is asked of it."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

#: What the server has, by path: media type and content.
PAGES = {
    "/sparql": (
        "application/sparql-results+json",
        json.dumps({
            "head": {"vars": ["x"]},
            "results": {"bindings": [{"x": {"type": "uri", "value": "http://far.example/"}}]},
        }),
    ),
    "/data.ttl": ("text/turtle", '<http://far.example/> <http://far.example/says> "loaded" .'),
    "/context.jsonld": ("application/ld+json", '{"@context": {"name": "http://far.example/name"}}'),
}  # fmt: skip


class Server(ThreadingHTTPServer):
    """Remembers the path of every request."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []

    def url(self, path):
        return f"http://127.0.0.1:{self.server_port}{path}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append(self.path)
        media_type, content = PAGES[self.path]
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content.encode())

    do_POST = do_GET  # noqa: N815  the name that http.server looks for

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield running
        running.shutdown()
        thread.join()
