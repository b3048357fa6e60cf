"""EC numbers in every spelling, and their hierarchy; what cannot be one is refused."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from protea.datasets.ontology.enzyme_numbers import (
    enzyme_hierarchy,
    enzyme_level,
    enzyme_parent,
    parse_enzyme_number,
)
from protea.errors import InputError


@pytest.mark.parametrize(
    ("text", "number", "level", "parent"),
    [
        ("1.2.3.4", "1.2.3.4", 4, "1.2.3.-"),
        ("EC 1.2.3.-", "1.2.3.-", 3, "1.2.-.-"),
        ("EC:7.2", "7.2.-.-", 2, "7.-.-.-"),
        ("ec 3", "3.-.-.-", 1, None),
        ("3.4.21.n1", "3.4.21.n1", 4, "3.4.21.-"),
        ("3.6.4.B7", "3.6.4.B7", 4, "3.6.4.-"),
    ],
)
def test_numbers_are_read_in_full_form(text: str, number: str, level: int, parent: str | None) -> None:
    assert parse_enzyme_number(text) == number
    assert enzyme_level(number) == level
    assert enzyme_parent(number) == parent


@pytest.mark.parametrize(
    "text", ["", "-", "8.1.1.1", "0.1.1.1", "1.-.3.-", "1.2.3.4.5", "1.n2.3.4", "1.2.3.x", "1.2,3"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="not an EC number"):
        parse_enzyme_number(text)


def test_the_hierarchy_holds_every_ancestor_in_the_order_of_the_levels() -> None:
    hierarchy = enzyme_hierarchy(["1.10.3.4", "1.2.3.4", "1.2.3.n1", "2.1.-.-"])
    assert hierarchy.names == (
        "1.-.-.-", "1.2.-.-", "1.2.3.-", "1.2.3.4", "1.2.3.n1", "1.10.-.-", "1.10.3.-", "1.10.3.4", "2.-.-.-",
        "2.1.-.-",
    )  # fmt: skip
    assert {hierarchy.names[i] for i in hierarchy.ancestors(hierarchy.index_of["1.2.3.n1"])} == {
        "1.2.3.-", "1.2.-.-", "1.-.-.-",
    }  # fmt: skip
    assert [hierarchy.names[i] for i in hierarchy.roots()] == ["1.-.-.-", "2.-.-.-"]


def test_every_number_of_the_real_chains_is_read(shared_data: Path) -> None:
    cells = pq.read_table(shared_data / "labels" / "nrpdb_ec.parquet", columns=["ec"])["ec"].to_pylist()
    numbers = {number for cell in cells for number in cell.split(",")}
    assert len(numbers) == 538
    assert {parse_enzyme_number(number) for number in numbers} == numbers
    hierarchy = enzyme_hierarchy(numbers)
    assert hierarchy.depth().max() == 3
    assert len(hierarchy.roots()) == 7
