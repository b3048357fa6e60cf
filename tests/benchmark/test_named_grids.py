"""Grids by name, by file, with changes; wrong names list the right ones."""

from pathlib import Path

import pytest

from protea.benchmark.named_grids import PROFILES, named_grid, profile_names
from protea.errors import ConfigError


def test_every_profile_is_found_under_its_suite() -> None:
    names = profile_names()
    assert sum(map(len, names.values())) == len(list(PROFILES.glob("*.yaml")))
    for suite, profiles in names.items():
        for profile in profiles:
            assert named_grid(suite, profile).suite.kind == suite  # type: ignore[attr-defined]


def test_every_suite_of_interactions_has_a_ready_grid() -> None:
    wanted = {"shs27k", "shs148k", "string_human", "affinity", "interface_contacts", "secondary_structure"}
    assert wanted <= set(profile_names())


def test_a_file_and_changes(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text((PROFILES / "ppi_site.paper.yaml").read_text())
    grid = named_grid(str(path), overrides=["seeds=[4]", "training.epochs=2"])
    assert (grid.seeds, grid.training.epochs) == ([4], 2)
    assert named_grid(str(path)) == named_grid("ppi_site", "paper")
    with pytest.raises(ConfigError, match="belongs to a suite"):
        named_grid(str(path), "paper")


def test_wrong_names_list_the_right_ones(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="ppi_site"):
        named_grid("ppi")
    with pytest.raises(ConfigError, match="paper"):
        named_grid("ppi_site", "no such")
    with pytest.raises(ConfigError, match="no such configuration file"):
        named_grid(str(tmp_path / "absent.yaml"))
    with pytest.raises(ConfigError, match="no_such_setting"):
        named_grid("ppi_site", "paper", ["training.no_such_setting=1"])
