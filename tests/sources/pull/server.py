"""A real HTTP server on 127.0.0.1 that misbehaves in the way each test asks for."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Visit:
    """One request: its number at this path (from 1), its headers, and ways to answer it."""

    handler: BaseHTTPRequestHandler
    number: int

    def header(self, name: str) -> str:
        return self.handler.headers.get(name, "")

    def answer(self, body: bytes = b"", *, status: int = 200, **headers: str) -> None:
        """Answer as a well-behaved server does."""
        self.begin(status, length=len(body), **headers)
        self.handler.wfile.write(body)

    def begin(self, status: int = 200, *, length: int | None = None, **headers: str) -> None:
        """Send the status and headers; `If_Range` stands for If-Range."""
        self.handler.send_response(status)
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        if length is not None:
            self.handler.send_header("Content-Length", str(length))
        self.handler.end_headers()

    def serve(self, body: bytes, *, etag: str = '"v1"', cut_after: int | None = None) -> None:
        """Serve a file, honouring Range and If-Range; `cut_after` bytes, drop the connection."""
        found = re.fullmatch(r"bytes=(\d+)-", self.header("Range"))
        start = int(found[1]) if found and self.header("If-Range") == etag else 0
        if start:
            span = f"bytes {start}-{len(body) - 1}/{len(body)}"
            self.begin(206, length=len(body) - start, ETag=etag, Content_Range=span)
        else:
            self.begin(200, length=len(body), ETag=etag)
        rest = body[start:]
        self.handler.wfile.write(rest if cut_after is None else rest[:cut_after])

    def drip(self, body: bytes, *, every_s: float) -> None:
        """Announce the whole and send it byte by byte, until the visitor leaves."""
        self.begin(200, length=len(body))
        try:
            for value in body:
                self.handler.wfile.write(bytes([value]))
                self.handler.wfile.flush()
                time.sleep(every_s)
        except OSError:
            return


Answer = Callable[[Visit], None]


@dataclass
class Server:
    """Where it listens, what it answers by path, and the visits it had."""

    base: str
    answers: dict[str, Answer] = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)

    def at(self, path: str, answer: Answer) -> str:
        """Answer `path` thus from now on; return its address."""
        self.answers[path] = answer
        return f"{self.base}{path}"

    def headers_sent(self, name: str) -> list[str]:
        """Return one header of each visit, in order."""
        return [visit.header(name) for visit in self.visits]


@contextmanager
def running_server() -> Iterator[Server]:
    """Listen on a free port until the block ends."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            with lock:
                number = 1 + sum(visit.handler.path == self.path for visit in server.visits)
                visit = Visit(self, number)
                server.visits.append(visit)
            answer = server.answers.get(path, lambda found: found.answer(b"?", status=404))
            answer(visit)

        def log_message(self, *args: object) -> None:
            """Stay silent."""

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    server = Server(f"http://127.0.0.1:{httpd.server_address[1]}")
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()
