"""Listed chains: each way of writing one, and the split that their parts make."""

from pathlib import Path

import pytest

from protea.datasets.sources.interface import SourceReport
from protea.datasets.sources.published.enzyme_commission import EnzymeCommissionConfig
from protea.datasets.sources.published.interface import ListedChain, parse_chain, split_of
from protea.errors import FileFormatError
from tests.datasets.sources.published.made_site import structure_files


@pytest.mark.parametrize(
    ("text", "id", "chains"),
    [
        ("12as.A", "12as_A", ("A",)),
        ("1ABC-b", "1abc_b", ("b",)),
        ("2xyz_AA", "2xyz_AA", ("AA",)),
        ("4HHB", "4hhb", None),
    ],
)
def test_each_way_of_writing_a_chain(text: str, id: str, chains: tuple[str, ...] | None) -> None:
    assert parse_chain(text, "x", "test") == ListedChain(id, text[:4].lower(), chains, "test")


@pytest.mark.parametrize("text", ["", "1ab", "abcd", "1abc:A", "1abcA", "1abc.", "1abc.A-1", "1ab/.A", "../x"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(FileFormatError, match="list 3: not a chain"):
        parse_chain(text, "list 3", "train")


def test_parts_make_a_split_and_other_parts_are_in_none() -> None:
    chains = [
        ListedChain(str(i), "x", None, part) for i, part in enumerate(("test", "train", "test_other", "validation"))
    ]
    split = split_of("s", chains)
    assert (split.train, split.validation, split.test) == (("1",), ("3",), ("0",))


def test_a_chain_that_is_listed_twice_is_refused_the_second_time(tmp_path: Path) -> None:
    for name in ("training.txt", "validation.txt", "testing.txt"):
        (tmp_path / name).write_text("1aaa.A\n1aaa.A\n" if name == "training.txt" else "")
    for name, data in structure_files("1aaa").items():
        path = tmp_path / "structures" / "pdb" / "aa" / name.rpartition("/")[2]
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
    report = SourceReport()
    source = EnzymeCommissionConfig(folder=tmp_path)
    assert [protein.id for protein in source.proteins(report)] == ["1aaa_A"]
    assert list(report.refused) == ["1aaa_A (again)"]
    assert [remote.name for remote in source.structure_remotes()] == ["structures/pdb/aa/1aaa.bcif.gz"]
