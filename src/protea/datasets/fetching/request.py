"""One HTTP request, from an offset if asked, and what its answer means.

HTTP ranges after RFC 9110, section 14: a server that honours `Range` with `If-Range` answers 206 and the offset; one
that does not, or whose file changed, answers 200 and sends the whole file.
"""

import http.client
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from protea import __version__
from protea.errors import InputError, describe

__all__ = ["Answer", "ConnectionCutError", "open_from"]

_TEMPORARY = frozenset({408, 425, 429, 500, 502, 503, 504})
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_LONGEST_WAIT = 60.0


class ConnectionCutError(Exception):
    """The connection was refused, cut or timed out, or the server asked to come again: trying again may help."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass(frozen=True)
class Answer:
    """An open answer: its bytes begin at `offset` of a file of `size` bytes (None where not stated).

    No body: the server says that nothing follows the offset.
    """

    body: http.client.HTTPResponse | None
    offset: int
    size: int | None
    validator: str | None

    def blocks(self, length: int = 1 << 20) -> Iterator[bytes]:
        """Yield the bytes as they come; raise ConnectionCutError where the connection breaks or ends early."""
        count = 0
        while self.body is not None:
            try:
                block = self.body.read1(length)
            except (http.client.HTTPException, OSError) as error:
                raise ConnectionCutError(f"{type(error).__name__}: {error}") from error
            if not block:
                break
            count += len(block)
            yield block
        if self.size is not None and self.offset + count < self.size:
            raise ConnectionCutError(f"the connection ended after {self.offset + count:,} of {self.size:,} bytes")


@contextmanager
def open_from(url: str, offset: int, validator: str | None, timeout: float) -> Iterator[Answer]:
    """Yield the answer to a request for the bytes from `offset` on, if the file is still the one with `validator`.

    Raises:
        ConnectionCutError: if trying again may help.
        InputError: if it will not (no such file, no permission, a redirect to a place that is not encrypted).
    """
    headers = {"User-Agent": f"protea/{__version__}", "Accept-Encoding": "identity"}
    if offset:
        headers |= {"Range": f"bytes={offset}-"} | ({"If-Range": validator} if validator else {})
    try:
        body = urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=timeout)
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 416 and offset:  # nothing after the offset: the file is whole, or is shorter now
                found = re.fullmatch(r"bytes \*/(\d+)", error.headers.get("Content-Range", ""))
                size = int(found[1]) if found else None
                yield Answer(None, offset, size, None)
                return
            raise _refusal(url, error) from error
    except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
        raise ConnectionCutError(str(getattr(error, "reason", error)) or type(error).__name__) from error
    with body:
        if url.startswith("https:") and not body.url.startswith("https:"):
            raise InputError(describe("redirected to an address that is not encrypted", where=url, found=body.url))
        yield _answer(url, body, offset)


def _answer(url: str, body: http.client.HTTPResponse, offset: int) -> Answer:
    coding = body.headers.get("Content-Encoding", "identity")
    if coding != "identity":
        raise InputError(
            describe("the server packed the file on the way", where=url, expected="identity", found=coding)
        )
    tag = body.headers.get("ETag", "")
    validator = tag if tag and not tag.startswith("W/") else body.headers.get("Last-Modified")  # weak tags: no ranges
    if body.status == 206:
        found = _RANGE.fullmatch(body.headers.get("Content-Range", ""))
        if not offset or found is None or int(found[1]) != offset:
            raise ConnectionCutError(f"asked from {offset}, answered {body.headers.get('Content-Range')!r}")
        return Answer(body, offset, None if found[2] == "*" else int(found[2]), validator)
    length = body.headers.get("Content-Length")
    return Answer(body, 0, int(length) if length is not None and length.isdigit() else None, validator)


def _refusal(url: str, error: urllib.error.HTTPError) -> Exception:
    if error.code in _TEMPORARY:
        after = error.headers.get("Retry-After", "")
        wait = min(float(after), _LONGEST_WAIT) if after.isdigit() else None
        return ConnectionCutError(f"HTTP {error.code} {error.reason}", wait)
    advice = {
        401: "The file needs an account: fetch it by hand and put it into the folder.",
        403: "The file needs an account: fetch it by hand and put it into the folder.",
        404: "The address is out of date: look for the new one, and fetch the file by hand into the folder.",
        410: "The file was withdrawn.",
    }.get(error.code, "Fetch the file by hand and put it into the folder.")
    return InputError(describe("cannot be fetched", where=url, expected="HTTP 200",
                               found=f"HTTP {error.code} {error.reason}", do=advice))  # fmt: skip
