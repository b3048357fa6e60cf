"""One file fetched: resumed where it was cut, tried again where that helps, checked, put in place in one step."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import disk_usage
from urllib.parse import urlsplit

from protea.datasets.fetching.partial import Partial
from protea.datasets.fetching.receipt import Receipt, read_receipt, write_receipt
from protea.datasets.fetching.remote_file import RemoteFile
from protea.datasets.fetching.request import Answer, ConnectionCutError, open_from
from protea.errors import InputError, describe

__all__ = ["PATIENT", "FetchPolicy", "Progress", "fetch_file"]

Progress = Callable[[str, int, int | None], None]
"""Called with a file's name, its bytes so far, and its size where that is known."""


@dataclass(frozen=True)
class FetchPolicy:
    """How hard to try. An attempt that brought new bytes does not count, so that a long download may be cut often."""

    attempts: int = 5
    timeout: float = 60.0
    first_wait: float = 1.0
    longest_wait: float = 60.0


PATIENT = FetchPolicy()
"""The default: five attempts in a row without a new byte."""


def fetch_file(
    remote: RemoteFile, folder: Path, *, progress: Progress | None = None, policy: FetchPolicy = PATIENT
) -> Path:
    """Return the place of a file below `folder`, fetched unless it is there.

    A file that is there without a receipt (put there by hand) is checked and taken. A file that was changed since it
    was fetched, or whose bytes are not stated and that came from another address (a list of another data set, of the
    same name), is refused, not overwritten.

    Raises:
        InputError: if the file cannot be fetched, or is not the one that was stated.
    """
    target = remote.path_in(folder)
    if target.exists():
        _take(remote, target)
        return target
    with Partial(target, remote.url) as partial:
        if target.exists():  # another process was faster
            return target
        _fetch(remote, partial, progress, policy)
        size = partial.size  # flushes, so that the digests see every byte
        digests = _digests(partial.path)
        try:
            _check(remote, remote.url, size, digests)
        except InputError:
            partial.discard()  # going on from wrong bytes would never mend them
            raise
        partial.finish()
    _leave_receipt(remote, target, digests["sha256"])
    return target


def _take(remote: RemoteFile, target: Path) -> None:
    receipt = read_receipt(target)
    # Where the bytes are stated they tell what the file is, wherever it came from.
    if receipt is not None and remote.sha256 is None and _tail(receipt.url) != _tail(remote.url):
        raise InputError(
            describe("the file was fetched from another address", where=str(target), expected=remote.url,
                     found=receipt.url, do="Fetch each data set into a folder of its own, or delete file and receipt.")
        )  # fmt: skip
    if receipt is not None and receipt.is_of(target):
        stated = remote.sha256
        if stated is not None and stated != receipt.sha256:
            raise _wrong(str(target), "SHA256", stated, receipt.sha256)
        return
    digests = _digests(target)
    if receipt is not None and digests["sha256"] != receipt.sha256:
        raise InputError(
            describe("the file was changed since it was fetched", where=str(target), expected=receipt.sha256,
                     found=digests["sha256"], do="Delete it to fetch it again, or its receipt to keep it.")
        )  # fmt: skip
    _check(remote, str(target), target.stat().st_size, digests)
    _leave_receipt(remote, target, digests["sha256"])


def _tail(url: str) -> list[str]:
    """Return the last two parts of an address, which stay where a file moves to another host or a mirror."""
    return urlsplit(url).path.split("/")[-2:]


def _fetch(remote: RemoteFile, partial: Partial, progress: Progress | None, policy: FetchPolicy) -> None:
    """Bring the partial file to its full length; raise InputError after `attempts` tries in a row without new bytes."""
    failures, wait = 0, policy.first_wait
    while True:
        before = partial.size
        try:
            with open_from(remote.url, *_resume(partial), timeout=policy.timeout) as answer:
                if _receive(remote, partial, answer, progress):
                    return
        except ConnectionCutError as error:
            failures = 1 if partial.size > before else failures + 1
            if failures >= policy.attempts:
                raise InputError(
                    describe(f"gave up after {failures} attempts", where=remote.url, found=str(error),
                             do=f"Try again later: the {partial.size:,} bytes so far are kept.")
                ) from error  # fmt: skip
            time.sleep(error.wait if error.wait is not None else wait)
            wait = policy.first_wait if partial.size > before else min(2 * wait, policy.longest_wait)


def _resume(partial: Partial) -> tuple[int, str | None]:
    """Return where to go on, and the validator; from the start where it is not known what the bytes belong to."""
    validator = partial.validator()
    return (partial.size, validator) if validator is not None else (0, None)


def _receive(remote: RemoteFile, partial: Partial, answer: Answer, progress: Progress | None) -> bool:
    """Append an answer; return whether the file is whole now."""
    if answer.body is None:
        if answer.size == partial.size:
            return True
        partial.restart(None)
        return False
    if answer.offset and answer.validator not in (None, partial.validator()):
        partial.restart(None)  # the file changed, and the server sends a stretch of the new one all the same
        return False
    if answer.offset == 0:
        partial.restart(answer.validator)
    if remote.size is not None and answer.size is not None and answer.size != remote.size:
        raise InputError(
            describe("the file has another size", where=remote.url, expected=f"{remote.size:,} bytes",
                     found=f"{answer.size:,}", do="It was replaced: look for the new size and checksum.")
        )  # fmt: skip
    done = partial.size
    missing = (answer.size or 0) - done
    if missing > disk_usage(partial.path.parent).free:
        raise InputError(
            describe("the disk is full", where=str(partial.path.parent), expected=f"{missing:,} bytes free",
                     do="Make room, or fetch into another folder.")
        )  # fmt: skip
    for block in answer.blocks():
        partial.file.write(block)
        done += len(block)
        if progress is not None:
            progress(remote.name, done, answer.size)
    return True


def _digests(path: Path) -> dict[str, str]:
    """Return SHA-256 and MD5 of a file, read once."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            sha256.update(block)
            md5.update(block)
    return {"sha256": sha256.hexdigest(), "md5": md5.hexdigest()}


def _check(remote: RemoteFile, where: str, size: int, digests: dict[str, str]) -> None:
    if remote.size is not None and size != remote.size:
        raise _wrong(where, "size", f"{remote.size:,} bytes", f"{size:,}")
    for kind, stated in (("sha256", remote.sha256), ("md5", remote.md5)):
        if stated is not None and digests[kind] != stated:
            raise _wrong(where, kind.upper(), stated, digests[kind])


def _wrong(where: str, what: str, expected: str, found: str) -> InputError:
    return InputError(
        describe(f"wrong {what}", where=where, expected=expected, found=found,
                 do="The file is damaged or was replaced: fetch it again, or look for the new checksum.")
    )  # fmt: skip


def _leave_receipt(remote: RemoteFile, target: Path, sha256: str) -> None:
    state = target.stat()
    today = datetime.now(UTC).date().isoformat()
    write_receipt(target, Receipt(remote.url, state.st_size, sha256, state.st_mtime_ns, today))
