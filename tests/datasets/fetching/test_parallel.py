"""Many files: all that can be fetched are, the others are named."""

from pathlib import Path

import pytest

from protea.datasets.fetching.download import FetchPolicy
from protea.datasets.fetching.parallel import fetch_files
from protea.datasets.fetching.remote_file import RemoteFile
from protea.errors import InputError
from tests.datasets.fetching.local_server import Site, served

QUICK = FetchPolicy(attempts=2, timeout=5.0, first_wait=0.0)
FILES = {f"f{number}": bytes([number]) * (100 + number) for number in range(30)}


def test_one_that_fails_does_not_stop_the_others(tmp_path: Path) -> None:
    with served(Site(FILES)) as site:
        wanted = [*FILES, "absent"]
        found = fetch_files((RemoteFile(site.of(name), f"d/{name}") for name in wanted), tmp_path, policy=QUICK)
    assert {name: path.read_bytes() for name, path in found.paths.items()} == {f"d/{n}": b for n, b in FILES.items()}
    assert list(found.failed) == ["d/absent"]
    with pytest.raises(InputError, match=r"1 files were not fetched; found d/absent: .*HTTP 404"):
        found.require_all()


def test_the_same_file_twice_is_fetched_once_and_one_name_for_two_is_refused(tmp_path: Path) -> None:
    with served(Site(FILES)) as site:
        same = [RemoteFile(site.of("f1"), "a")] * 3
        fetch_files(same, tmp_path, policy=QUICK, workers=1).require_all()
        assert len(site.log) == 1
        with pytest.raises(InputError, match="two files with one name"):
            fetch_files([*same, RemoteFile(site.of("f2"), "a")], tmp_path, policy=QUICK)
