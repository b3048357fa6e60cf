"""A receipt stands for a file as long as the file is untouched."""

import hashlib
from pathlib import Path

import pytest

from protea.datasets.fetching.receipt import Receipt, digest_of_fetched, read_receipt, receipt_path, write_receipt
from protea.errors import FileFormatError, InputError


def leave(path: Path, sha256: str) -> Receipt:
    receipt = Receipt("https://example.org/a", path.stat().st_size, sha256, path.stat().st_mtime_ns, "2026-01-01")
    write_receipt(path, receipt)
    return receipt


def test_a_receipt_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    assert read_receipt(path) is None
    assert read_receipt(path) is None
    receipt = leave(path, "f" * 64)
    assert read_receipt(path) == receipt
    assert receipt.is_of(path)


def test_the_digest_is_taken_from_the_receipt_until_the_file_is_touched(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    leave(path, "f" * 64)
    assert digest_of_fetched(path) == "f" * 64
    path.write_bytes(b"abcd")
    assert digest_of_fetched(path) == hashlib.sha256(b"abcd").hexdigest()


def test_broken_receipts_and_absent_files_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with pytest.raises(InputError, match="cannot be read"):
        digest_of_fetched(path)
    for text in ("{", "{}", "[1]"):
        receipt_path(path).write_text(text)
        with pytest.raises(FileFormatError, match="not a receipt"):
            read_receipt(path)
