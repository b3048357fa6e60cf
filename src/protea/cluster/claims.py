"""Who works on what, so that one command can run on many machines over one folder.

A claim is a file that exactly one process can create. Its time is renewed while the work goes on; one that was not
renewed for a while, or whose process died on this machine, is free again. Time is that of the file system: clocks of
machines need not agree.
"""

import hashlib
import json
import os
import re
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["Claims"]

_STALE_SECONDS = 300.0
_RENEW_SECONDS = 30.0


class Claims:
    """The claims of one process in a folder that all share.

    `stale_seconds` is how long a claim is believed that nobody renews: longer than a machine may hang.
    """

    def __init__(self, folder: Path, stale_seconds: float = _STALE_SECONDS) -> None:
        self.folder, self.stale_seconds = folder, stale_seconds
        self.owner = {"host": socket.gethostname(), "process": os.getpid(), "token": uuid.uuid4().hex}
        self._held: dict[str, Path] = {}
        self._renewed = time.monotonic()
        self._lock = threading.RLock()

    def take(self, name: str) -> bool:
        """Return whether the work is ours now; it is not while somebody else works on it."""
        with self._lock:
            return self._taken(name)

    def _taken(self, name: str) -> bool:
        path = self._path(name)
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._created(name, path):
            return True
        owner = self._owner_of(path)
        if not self._is_free(path, owner):
            return False
        self._removed(name, path, owner)
        return self._created(name, path)

    def release(self, name: str) -> None:
        """Give work back, done or not; a claim that somebody else took over meanwhile stays theirs."""
        with self._lock:
            path = self._held.pop(name, None)
            if path is not None and self._is_ours(path):
                path.unlink(missing_ok=True)

    def renew(self) -> tuple[str, ...]:
        """Renew what is held, every half minute at most; return the names of what somebody else took over."""
        with self._lock:
            if time.monotonic() - self._renewed < self._renew_seconds:
                return ()
            self._renewed = time.monotonic()
            lost = tuple(name for name, path in self._held.items() if not self._is_ours(path))
            for name in lost:
                del self._held[name]
            for path in self._held.values():
                with suppress(FileNotFoundError):  # taken over just now: heard of at the next turn
                    os.utime(path)
            return lost

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Renew what is held in the background, for work that cannot stop to do so.

        What somebody took over is then not told: for work that may be done twice.
        """
        is_over = threading.Event()

        def renew() -> None:
            while not is_over.wait(self._renew_seconds):
                with suppress(OSError):  # the shared folder is out of reach for a while: the next turn may reach it
                    self.renew()

        thread = threading.Thread(target=renew, daemon=True)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()

    @property
    def _renew_seconds(self) -> float:
        return min(_RENEW_SECONDS, self.stale_seconds / 4)

    def _path(self, name: str) -> Path:
        plain = re.sub(r"[^A-Za-z0-9._-]+", "_", name)[:80]
        return self.folder / f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}.json"

    def _created(self, name: str, path: Path, owner: dict[str, object] | None = None) -> bool:
        """Create the claim if there is none; of several who try, one does."""
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except FileExistsError:
            return False
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(owner or {"of": name, **self.owner}, file)
        if owner is None:
            self._held[name] = path
        return True

    def _owner_of(self, path: Path) -> dict[str, object]:
        """Return whose claim it is; of nobody known while it is being written, or if it is gone."""
        try:
            found: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return found

    def _is_ours(self, path: Path) -> bool:
        return self._owner_of(path).get("token") == self.owner["token"]

    def _is_free(self, path: Path, owner: dict[str, object]) -> bool:
        if owner.get("host") == self.owner["host"] and not _is_alive(int(str(owner["process"]))):
            return True
        try:
            return self._now() - path.stat().st_mtime > self.stale_seconds
        except FileNotFoundError:
            return True

    def _now(self) -> float:
        """Return the time of the file system."""
        clock = self.folder / f"{self.owner['token']}.clock"
        clock.touch()
        now = clock.stat().st_mtime
        clock.unlink()
        return now

    def _removed(self, name: str, path: Path, owner: dict[str, object]) -> None:
        """Take the free claim of this owner away. One that somebody took over meanwhile is put back."""
        grave = self.folder / f"{self.owner['token']}.old"
        try:
            path.rename(grave)
        except FileNotFoundError:
            return
        found = self._owner_of(grave)
        grave.unlink()
        if found.get("token") != owner.get("token"):
            self._created(name, path, found)


def _is_alive(process: int) -> bool:
    """Return whether a process of this machine lives."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
