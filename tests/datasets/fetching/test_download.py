"""One file: whole and right, or not there; a cut connection costs only what it cut."""

import hashlib
from pathlib import Path

import pytest

from protea.datasets.fetching.download import FetchPolicy, fetch_file
from protea.datasets.fetching.receipt import read_receipt
from protea.datasets.fetching.remote_file import RemoteFile
from protea.errors import InputError
from tests.datasets.fetching.local_server import Site, served

DATA = bytes(range(256)) * 40
SHA256, MD5 = hashlib.sha256(DATA).hexdigest(), hashlib.md5(DATA).hexdigest()
QUICK = FetchPolicy(attempts=3, timeout=5.0, first_wait=0.0)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_arrives_with_its_receipt(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int | None]] = []
    with served(Site({"x": DATA})) as site:
        remote = RemoteFile(site.of("x"), "sub/a.bin", size=len(DATA), sha256=SHA256, md5=MD5)
        path = fetch_file(remote, tmp_path, progress=lambda *event: seen.append(event), policy=QUICK)
        assert path == tmp_path / "sub" / "a.bin"
        assert path.read_bytes() == DATA
        assert names(path.parent) == ["a.bin", "a.bin.receipt.json"]
        receipt = read_receipt(path)
        assert receipt is not None
        assert (receipt.sha256, receipt.url, receipt.size) == (SHA256, site.of("x"), len(DATA))
        assert seen[-1] == ("sub/a.bin", len(DATA), len(DATA))
        fetch_file(remote, tmp_path, policy=QUICK)
        assert len(site.log) == 1  # nothing is asked twice


def test_a_cut_download_goes_on_where_it_was_cut(tmp_path: Path) -> None:
    with served(Site({"x": DATA}, cut_after=[4000, 0, 3000])) as site:
        path = fetch_file(RemoteFile(site.of("x"), "a", sha256=SHA256), tmp_path, policy=QUICK)
        assert path.read_bytes() == DATA
        assert [asked for _, asked in site.log] == [None, "bytes=4000-", "bytes=4000-", "bytes=7000-"]


def test_giving_up_keeps_the_bytes_and_a_later_call_goes_on(tmp_path: Path) -> None:
    remote_of = lambda site: RemoteFile(site.of("x"), "a", sha256=SHA256)  # noqa: E731
    with served(Site({"x": DATA}, cut_after=[5000, 0, 0, 0])) as site:
        with pytest.raises(InputError, match=r"gave up after 3 attempts.*5,000 bytes so far are kept"):
            fetch_file(remote_of(site), tmp_path, policy=QUICK)
        assert names(tmp_path) == ["a.part", "a.part.json"]
        site.log.clear()
        site.cut_after.clear()
        assert fetch_file(remote_of(site), tmp_path, policy=QUICK).read_bytes() == DATA
        assert site.log == [("/x", "bytes=5000-")]


@pytest.mark.parametrize("heeds_if_range", [True, False])
def test_a_file_that_changed_in_between_is_fetched_from_its_start(tmp_path: Path, heeds_if_range: bool) -> None:
    with served(Site({"x": DATA[::-1]}, cut_after=[5000, 0, 0, 0], heeds_if_range=heeds_if_range)) as site:
        remote = RemoteFile(site.of("x"), "a")
        with pytest.raises(InputError, match="gave up"):
            fetch_file(remote, tmp_path, policy=QUICK)
        site.cut_after.clear()
        site.files["x"] = DATA
        assert fetch_file(remote, tmp_path, policy=QUICK).read_bytes() == DATA


def test_a_server_without_ranges_sends_all_again(tmp_path: Path) -> None:
    with served(Site({"x": DATA}, cut_after=[5000], knows_ranges=False)) as site:
        assert fetch_file(RemoteFile(site.of("x"), "a"), tmp_path, policy=QUICK).read_bytes() == DATA
        assert len(site.log) == 2


def test_a_whole_partial_file_is_put_in_place(tmp_path: Path) -> None:
    with served(Site({"x": DATA}, cut_after=[5000, 0, 0, 0])) as site:
        remote = RemoteFile(site.of("x"), "a", sha256=SHA256)
        with pytest.raises(InputError, match="gave up"):
            fetch_file(remote, tmp_path, policy=QUICK)
        (tmp_path / "a.part").write_bytes(DATA)  # stopped between the last byte and the rename
        site.cut_after.clear()
        assert fetch_file(remote, tmp_path, policy=QUICK).read_bytes() == DATA
        (tmp_path / "a").unlink()


def test_a_wrong_checksum_leaves_nothing(tmp_path: Path) -> None:
    with served(Site({"x": DATA})) as site:
        for wrong in ({"sha256": "0" * 64}, {"md5": "0" * 32}):
            with pytest.raises(InputError, match=r"x: wrong (SHA256|MD5); expected 0+; found [0-9a-f]+\. The file is"):
                fetch_file(RemoteFile(site.of("x"), "a", **wrong), tmp_path, policy=QUICK)  # type: ignore[arg-type]
        with pytest.raises(InputError, match="another size; expected 7 bytes; found 10,240"):
            fetch_file(RemoteFile(site.of("x"), "a", size=7), tmp_path, policy=QUICK)
    assert not (tmp_path / "a").exists()
    assert "a.part" not in names(tmp_path)


def test_a_busy_server_is_asked_again_and_a_missing_file_is_not(tmp_path: Path) -> None:
    with served(Site({"x": DATA}, busy=[503, 429])) as site:
        assert fetch_file(RemoteFile(site.of("x"), "a"), tmp_path, policy=QUICK).read_bytes() == DATA
        with pytest.raises(InputError, match="HTTP 404"):
            fetch_file(RemoteFile(site.of("none"), "b"), tmp_path, policy=QUICK)
        assert [path for path, _ in site.log].count("/none") == 1
    assert names(tmp_path) == ["a", "a.receipt.json"]


def test_a_file_put_there_by_hand_is_checked_and_taken(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(DATA)
    remote = RemoteFile("http://127.0.0.1:9/x", "a", sha256=SHA256)
    fetch_file(remote, tmp_path, policy=QUICK)
    receipt = read_receipt(tmp_path / "a")
    assert receipt is not None
    assert receipt.sha256 == SHA256
    with pytest.raises(InputError, match="wrong SHA256"):
        fetch_file(RemoteFile(remote.url, "a", sha256="1" * 64), tmp_path, policy=QUICK)
    (tmp_path / "a").write_bytes(DATA + b"!")
    with pytest.raises(InputError, match="changed since it was fetched"):
        fetch_file(remote, tmp_path, policy=QUICK)


def test_a_file_of_another_address_is_not_taken_for_this_one(tmp_path: Path) -> None:
    with served(Site({"folds/training.txt": DATA, "enzymes/training.txt": DATA[::-1]})) as site:
        folds, enzymes = (RemoteFile(site.of(f"{name}/training.txt"), "training.txt") for name in ("folds", "enzymes"))
        path = fetch_file(folds, tmp_path, policy=QUICK)
        with pytest.raises(InputError, match=r"fetched from another address; expected.*enzymes.*; found.*folds"):
            fetch_file(enzymes, tmp_path, policy=QUICK)
        assert path.read_bytes() == DATA
        for same in (folds, RemoteFile("http://127.0.0.1:9/mirror/host/folds/training.txt", "training.txt")):
            assert fetch_file(same, tmp_path, policy=QUICK) == path
