"""Every set of ATOM3D: fetched, unpacked and built into a store; its fingerprint is that of archive and settings."""

from pathlib import Path

import pytest

from protea.datasets.building import build_store
from protea.datasets.sources.atom3d.psr import ATOM3DPSRConfig
from protea.datasets.sources.atom3d.res import ATOM3DRESConfig
from protea.datasets.store import Store
from protea.errors import InputError
from tests.datasets.sources.atom3d.test_psr import archive
from tests.datasets.sources.published.made_site import fetched


def test_from_the_network_into_a_store(tmp_path: Path) -> None:
    source, _ = fetched(ATOM3DPSRConfig(folder=tmp_path / "data"), archive(tmp_path))
    report = build_store(source, tmp_path / "store")
    store = Store(tmp_path / "store")
    assert store.ids == ("T0283:server_TS1", "T0283:server_TS2", "T0515:a", "T0759:b", "T0760:b")
    assert report.refused == {}
    assert float(store[1].labels["gdt_ts"].value) == 0.75


def test_the_fingerprint_is_of_archive_and_settings(tmp_path: Path) -> None:
    files = archive(tmp_path)
    source, _ = fetched(ATOM3DPSRConfig(folder=tmp_path / "data"), files)
    other, _ = fetched(ATOM3DPSRConfig(folder=tmp_path / "more"), files)
    assert source.fingerprint() == other.fingerprint()
    (tmp_path / "more/PSR-split-by-year.tar.gz").write_bytes(b"another")
    assert source.fingerprint() != other.fingerprint()
    res = ATOM3DRESConfig(folder=tmp_path)
    assert res.settings() != res.model_copy(update={"per_entry": 3}).settings()


def test_what_was_not_fetched_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"PSR-split-by-year\.tar\.gz: was not fetched"):
        list(ATOM3DPSRConfig(folder=tmp_path).proteins())
