"""A remote file is refused before anything is fetched where its address, name or checksum cannot be right."""

from pathlib import Path

import pytest

from protea.datasets.fetching.remote_file import RemoteFile
from protea.errors import InputError


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/a", "example.org/a", "https:///a"])
def test_only_http_is_fetched(url: str) -> None:
    with pytest.raises(InputError, match="not an address"):
        RemoteFile(url, "a")


@pytest.mark.parametrize("name", ["", "../a", "a/../../b", "/a", "a\\b", "."])
def test_a_name_stays_below_its_folder(name: str) -> None:
    with pytest.raises(InputError, match="not a name below a folder"):
        RemoteFile("https://example.org/a", name)


def test_a_checksum_of_31_digits_is_refused_at_once() -> None:
    with pytest.raises(InputError, match="not an MD5 checksum; expected 32 hex digits"):
        RemoteFile("https://example.org/a", "a", md5="0" * 31)
    assert RemoteFile("https://example.org/a", "a", md5="0" * 32, sha256="a" * 64).is_verified


def test_the_place_is_below_the_folder(tmp_path: Path) -> None:
    assert RemoteFile("https://example.org/a", "b/c.gz").path_in(tmp_path) == tmp_path / "b" / "c.gz"
