"""A small HTTP server on this machine with the faults of real ones: cut connections, no ranges, busy, changed files."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Site:
    """What the server offers and how it behaves; `log` holds (path, Range header) of every request."""

    files: dict[str, bytes] = field(default_factory=dict)
    knows_ranges: bool = True
    heeds_if_range: bool = True
    cut_after: list[int] = field(default_factory=list)
    """Bytes after which the next answers are cut, one entry per answer."""
    busy: list[int] = field(default_factory=list)
    """Status codes of the next answers."""
    tells_size: bool = True
    packs: bool = False
    log: list[tuple[str, str | None]] = field(default_factory=list)
    url: str = ""

    def of(self, path: str) -> str:
        """The address of a file."""
        return f"{self.url}/{path}"


@contextmanager
def served(site: Site) -> Iterator[Site]:
    """Serve until the end of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(site))
    server.daemon_threads = True
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.log.append((self.path, self.headers.get("Range")))
            if site.busy:
                self.send_response(site.busy.pop(0))
                self.send_header("Retry-After", "0")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            content = site.files.get(self.path.lstrip("/"))
            if content is None:
                self.send_error(404)
                return
            tag = f'"{hashlib.md5(content).hexdigest()}"'
            asked, start = self.headers.get("Range"), 0
            is_same = not site.heeds_if_range or self.headers.get("If-Range") in (None, tag)
            if site.knows_ranges and asked and is_same:
                start = int(asked.removeprefix("bytes=").rstrip("-"))
                if start >= len(content):
                    self.send_response(416)
                    self.send_header("Content-Range", f"bytes */{len(content)}")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            else:
                self.send_response(200)
            if site.tells_size:
                self.send_header("Content-Length", str(len(content) - start))
            if site.packs:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("ETag", tag)
            self.end_headers()
            stop = start + site.cut_after.pop(0) if site.cut_after else len(content)
            self.wfile.write(content[start:stop])
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler
