"""Surroundings: the residue in the centre has no name and no side chain, and nothing else tells its type."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from protea.datasets.sources.atom3d.res import ATOM3DRESConfig
from protea.datasets.sources.interface import SourceReport
from protea.protein.alphabets import encode_sequence
from protea.protein.record import Protein
from tests.datasets.sources.atom3d.made_lmdb import COLUMNS, atom_rows, split_archive, table
from tests.datasets.sources.published.made_site import entry, fetched, list_files

ENTRY = entry("1abc", "AB", zinc=False)
PLACES = (5, 6, 12, 33)


def heavy_rows(protein: Protein) -> list[list[Any]]:
    """What the authors keep of an entry: no hydrogen, no water."""
    return [row for row in atom_rows(protein) if row[5] == " " and row[16] != "H"]


def surrounding(rows: list[list[Any]], place: int, radius: float = 17.3) -> tuple[str, list[int]]:
    """Name and rows of the surrounding of one residue, as the authors make them."""
    chain, number = ENTRY.chain_ids[int(ENTRY.chain_of[place])], int(ENTRY.author_number[place])
    column = {name: np.array([row[COLUMNS.index(name)] for row in rows]) for name in ("chain", "residue", "name")}
    position = np.array([row[13:16] for row in rows], float)
    own = (column["chain"] == chain) & (column["residue"] == number)
    keep = ~own | np.isin(column["name"], ["N", "CA", "C", "O"])
    centre = position[own & (column["name"] == "CA")][0]
    near = np.linalg.norm(position - centre, axis=1) <= radius
    return f"{chain}_{number}_{ENTRY.residue_name[place]}", np.flatnonzero(keep & near).tolist()


def item(name: str, places: tuple[int, ...] = PLACES, **changes: Any) -> dict[str, Any]:
    rows = heavy_rows(ENTRY)
    found = [surrounding(rows, place) for place in places]
    labels = [[subunit, 0, 0.0, 0.0, 0.0] for subunit, _ in found]
    made = {
        "id": name, "atoms": table(COLUMNS, rows), "labels": table(("subunit", "label", "x", "y", "z"), labels),
        "subunit_indices": [indices for _, indices in found],
    }  # fmt: skip
    return {**made, **changes}


def archive(folder: Path, *train: dict[str, Any]) -> dict[str, bytes]:
    data = split_archive(folder, "split-by-cath-topology", train, [item("2abc", (5,))], [item("3abc", (6, 7))])
    return list_files("atom3d_res", {"RES-split-by-cath-topology.tar.gz": data})


def test_one_residue_is_asked_for_and_is_hidden(tmp_path: Path) -> None:
    source, _ = fetched(ATOM3DRESConfig(folder=tmp_path / "data"), archive(tmp_path, item("1abc")))
    proteins = list(source.proteins())
    assert [protein.id for protein in proteins[:4]] == ["1abc:A_6", "1abc:A_7", "1abc:A_13", "1abc:B_4"]
    for protein, place in zip(proteins[:4], PLACES, strict=True):
        label = protein.labels["hidden_type"]
        (centre,) = np.flatnonzero(label.is_known)
        assert int(label.value[centre]) == int(encode_sequence(ENTRY.sequence[place])[0])
        # Neither name, letter nor side chain of the centre is left: the original's tables keep its name.
        assert (protein.residue_name[centre], protein.sequence[centre]) == ("UNK", "X")
        assert protein.atom_code[protein.residue_of_atom() == centre].tolist() == [0, 1, 2, 4]
        others = np.delete(np.arange(len(protein)), centre)
        assert "X" not in "".join(protein.sequence[other] for other in others)
        assert 1 < len(protein) < len(ENTRY)
        ca = protein.atom_position[protein.atom_code == 1]
        assert np.linalg.norm(ca - ENTRY.atom_position[ENTRY.atom_ptr[place] + 1], axis=1).max() <= 17.3 + 1e-3
    split = source.split(tuple(protein.id for protein in proteins))  # type: ignore[call-arg]
    assert (len(split.train), split.validation, split.test) == (4, ("2abc:A_6",), ("3abc:A_7", "3abc:A_8"))


def test_the_record_does_not_depend_on_the_answer(tmp_path: Path) -> None:
    """The same place under another name: every field that a model could read is the same."""
    other = "GLY" if ENTRY.residue_name[5] != "GLY" else "ALA"
    made = item("1abc", (5,))
    renamed = [row if (row[4], row[7]) != ("A", 6) else [*row[:9], other, *row[10:]] for row in made["atoms"]["data"]]
    twin = item("1abd", (5,), atoms=table(COLUMNS, renamed))
    twin["labels"]["data"][0][0] = f"A_6_{other}"
    source, _ = fetched(ATOM3DRESConfig(folder=tmp_path / "data"), archive(tmp_path, made, twin))
    first, second = list(source.proteins())[:2]
    for name in ("sequence", "residue_name", "author_number", "atom_code", "atom_position", "atom_ptr"):
        np.testing.assert_array_equal(np.asarray(getattr(first, name)), np.asarray(getattr(second, name)))
    assert first.labels["hidden_type"].value.max() != second.labels["hidden_type"].value.max()


def test_some_of_each_entry_by_seed(tmp_path: Path) -> None:
    source, _ = fetched(ATOM3DRESConfig(folder=tmp_path / "data", per_entry=2), archive(tmp_path, item("1abc")))
    ids = [protein.id for protein in source.proteins()]
    assert [id.partition(":")[0] for id in ids] == ["1abc", "1abc", "2abc", "3abc", "3abc"]
    assert ids == [protein.id for protein in source.proteins()]
    drawn = {
        tuple(one.id for one in source.model_copy(update={"seed": seed}).proteins())[:2] for seed in range(12)
    }  # fmt: skip
    assert len(drawn) > 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"subunit_indices": []}, "no rows of atoms for each label"),
        ({"labels": table(("label",), [[1]])}, "no column"),
        ({"atoms": None}, "not a table"),
    ],
)
def test_an_entry_that_cannot_be_read(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    source, _ = fetched(ATOM3DRESConfig(folder=tmp_path / "data"), archive(tmp_path, item("1abc", (5,), **change)))
    report = SourceReport()
    assert len(list(source.proteins(report))) == 3
    assert list(report.refused) == ["1abc"]
    assert message in report.refused["1abc"]


def test_surroundings_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    made = item("1abc", (5, 6, 7, 8, 9, 10, 10))
    labels, rows = made["labels"]["data"], made["subunit_indices"]
    labels[0][0] = "A_6_MSE"
    labels[1][0] = "nothing"
    labels[2][0] = "A_99_GLY"
    rows[3] = [10**6]
    names = [(row[4], row[7], row[17]) for row in made["atoms"]["data"]]
    rows[4] = [row for row in rows[4] if names[row] != ("A", 10, "CA")]
    models = item("1abd", (5,))
    models["atoms"]["data"][-1][3] = 2
    source, _ = fetched(ATOM3DRESConfig(folder=tmp_path / "data"), archive(tmp_path, made, models))
    report = SourceReport()
    ids = [protein.id for protein in source.proteins(report)]
    assert ids[0] == "1abc:A_11"
    assert {name: reason.split(";")[0].rpartition(": ")[2] for name, reason in report.refused.items()} == {
        "1abc, label 0": "not one of the twenty residues at a place",
        "1abc, label 1": "not one of the twenty residues at a place",
        "1abc, label 2": "the centre is not one bare backbone",
        "1abc, label 3": "not rows of atoms",
        "1abc, label 4": "the centre is not one bare backbone",
        "1abc, label 6": "two labels of one place",
        "1abd": "several models in one table",
    }
