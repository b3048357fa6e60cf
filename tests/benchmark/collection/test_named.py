"""Collections by name and by file; a grid is not one."""

from pathlib import Path

import pytest

from protea.benchmark.collection.named import COLLECTIONS, is_collection, named_collection
from protea.benchmark.named_grids import PROFILES
from protea.errors import ConfigError


def test_ready_collections_load_and_give_grids(tmp_path: Path) -> None:
    for path in COLLECTIONS.glob("*.yaml"):
        name, _, profile = path.stem.partition(".")
        assert is_collection(name)
        config = named_collection(name, profile)
        assert config.grids(tmp_path)
        assert config == named_collection(str(path))


def test_a_grid_is_not_a_collection() -> None:
    assert not is_collection("ppi_site")
    assert not is_collection(str(PROFILES / "ppi_site.paper.yaml"))


def test_wrong_profiles_list_the_right_ones(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="small"):
        named_collection("proteinworkshop", "no such")
    with pytest.raises(ConfigError, match="not to a file"):
        named_collection(str(next(COLLECTIONS.glob("*.yaml"))), "small")
    assert named_collection("proteinworkshop", "small", ["seeds=[4]"]).seeds == [4]
