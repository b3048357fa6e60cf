"""The unfinished file: its bytes belong to one version, one process writes it, it appears whole or not at all."""

from pathlib import Path

import pytest

from protea.datasets.fetching.partial import Partial
from protea.errors import InputError

URL = "https://example.org/a"


def test_bytes_and_their_validator_survive_a_stop(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "a"
    with Partial(target, URL) as partial:
        partial.restart('"v1"')
        partial.file.write(b"abc")
    assert not target.exists()
    with Partial(target, URL) as partial:
        assert (partial.size, partial.validator()) == (3, '"v1"')
        partial.file.write(b"d")
        partial.finish()
    assert target.read_bytes() == b"abcd"
    assert [path.name for path in target.parent.iterdir()] == ["a"]


def test_bytes_of_another_address_are_not_gone_on_with(tmp_path: Path) -> None:
    with Partial(tmp_path / "a", URL) as partial:
        partial.restart('"v1"')
        partial.file.write(b"abc")
    with Partial(tmp_path / "a", URL + "2") as partial:
        assert partial.validator() is None
        partial.restart('"v2"')
        assert partial.size == 0
    (tmp_path / "b.part").write_bytes(b"abc")
    (tmp_path / "b.part.json").write_text("{cut")
    with Partial(tmp_path / "b", URL) as partial:
        assert partial.validator() is None


def test_nothing_is_left_of_an_empty_start(tmp_path: Path) -> None:
    with Partial(tmp_path / "a", URL):
        assert (tmp_path / "a.part").exists()
    assert not list(tmp_path.iterdir())


def test_two_at_once_are_refused(tmp_path: Path) -> None:
    with (
        Partial(tmp_path / "a", URL),
        pytest.raises(InputError, match="another process is fetching this file"),
        Partial(tmp_path / "a", URL),
    ):
        pytest.fail("both held the lock")
