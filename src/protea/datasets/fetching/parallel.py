"""Many files fetched at once; one that fails does not stop the others and is named at the end."""

from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from protea.datasets.fetching.download import PATIENT, FetchPolicy, Progress, fetch_file
from protea.datasets.fetching.remote_file import RemoteFile
from protea.errors import InputError, describe

__all__ = ["Fetched", "fetch_files"]

_QUEUED_PER_WORKER = 4


@dataclass
class Fetched:
    """What became of many files: the place of each, and the reason of each that failed, by name."""

    paths: dict[str, Path] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def require_all(self) -> None:
        """Raise InputError that names the first failures, where there are any."""
        if self.failed:
            first = "; ".join(f"{name}: {reason}" for name, reason in list(self.failed.items())[:3])
            raise InputError(describe(f"{len(self.failed)} files were not fetched", found=first))


def fetch_files(
    remotes: Iterable[RemoteFile],
    folder: Path,
    *,
    workers: int = 4,
    progress: Progress | None = None,
    policy: FetchPolicy = PATIENT,
) -> Fetched:
    """Return what became of the files. They may be a long stream: only a few per worker are waiting at a time.

    `progress` is called from several threads. Raises InputError where two files would get the same name.
    """
    fetched = Fetched()
    url_of: dict[str, str] = {}
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="fetch") as pool:
        running: dict[Future[Path], str] = {}
        for remote in remotes:
            if remote.name in url_of:
                if url_of[remote.name] == remote.url:
                    continue
                raise InputError(
                    describe("two files with one name", where=remote.name, found=f"{url_of[remote.name]}, {remote.url}")
                )
            url_of[remote.name] = remote.url
            if len(running) >= workers * _QUEUED_PER_WORKER:
                _collect(running, fetched)
            running[pool.submit(fetch_file, remote, folder, progress=progress, policy=policy)] = remote.name
        while running:
            _collect(running, fetched)
    return fetched


def _collect(running: dict[Future[Path], str], fetched: Fetched) -> None:
    done, _ = wait(running, return_when=FIRST_COMPLETED)
    for future in done:
        name = running.pop(future)
        try:
            fetched.paths[name] = future.result()
        except InputError as error:
            fetched.failed[name] = str(error)
