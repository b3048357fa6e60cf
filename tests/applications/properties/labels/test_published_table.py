"""Figures of others, and whether they are of the same test."""

from protea.applications.properties.labels.catalogue import BUILT_IN
from protea.applications.properties.labels.published_table import published_table


def test_a_figure_of_another_split_says_so() -> None:
    lines = published_table([BUILT_IN["secondary_structure_3"], BUILT_IN["localisation"], BUILT_IN["disorder"]])
    assert "| secondary_structure_3 | ProtT5-XL-U50 | Q3 | 0.86 | CB513 | Elnaggar et al. 2021 |" in lines
    others = [line for line in lines if line.startswith("| localisation")]
    assert others
    assert all("(another split)" in line for line in others)
    assert not any("disorder" in line for line in lines)
    assert len({line.count("|") for line in lines}) == 1
