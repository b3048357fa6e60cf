"""Metal sites: whole entries, labels from their own ions, at the distance that was asked for."""

from pathlib import Path

from protea.datasets.building import build_store
from protea.datasets.sources.published.metal_sites import MetalSitesConfig
from protea.datasets.store import Store
from tests.datasets.sources.published.made_site import entry, fetched, list_files, structure_files

FILES = list_files("metal_sites", {"train.txt": "1AAA\n", "val.txt": "1bbb\n", "test.txt": "1ccc\n"})


def test_labels_follow_ions_and_distance(tmp_path: Path) -> None:
    source, _ = fetched(MetalSitesConfig(folder=tmp_path / "data"), FILES | structure_files("1aaa 1bbb 1ccc"))
    build_store(source, tmp_path / "store")
    store = Store(tmp_path / "store")
    assert store.ids == ("1aaa", "1bbb", "1ccc")
    assert len(store[0]) == len(entry("1aaa")) == 60
    (table,) = source.labels(store)
    assert table.name == "metal_site"
    site = table.of["1aaa"].value
    assert site[0] == 1
    assert 0 < site.sum() < 10
    wide = source.model_copy(update={"cutoff": 12.0})
    assert wide.labels(store)[0].of["1aaa"].value.sum() > site.sum()
    assert not source.model_copy(update={"ions": ("MG", "CA")}).labels(store)[0].of["1aaa"].value.any()
    assert wide.fingerprint() == source.fingerprint()  # labels are no part of the store
    assert source.split().validation == ("1bbb",)
