"""Mutations: two records each, the label on both, the mutated residue marked where the id tells the truth."""

from pathlib import Path
from typing import Any

import numpy as np

from protea.datasets.sources.atom3d.msp import ATOM3DMSPConfig
from protea.datasets.sources.interface import SourceReport
from protea.protein.chemistry import NAME_OF_LETTER
from protea.protein.record import Protein
from tests.datasets.sources.atom3d.made_lmdb import atoms_of, split_archive
from tests.datasets.sources.published.made_site import entry, fetched, list_files

ORIGINAL = entry("1a22", "AB", zinc=False)
PLACE = 7
BEFORE, NUMBER = ORIGINAL.sequence[PLACE], int(ORIGINAL.author_number[PLACE])
AFTER = "A" if BEFORE != "A" else "G"
GOOD = f"1A22_A_B_{BEFORE}A{NUMBER}{AFTER}"


def mutated() -> Protein:
    names = ORIGINAL.residue_name.copy()
    names[PLACE] = NAME_OF_LETTER[AFTER]
    keep = (ORIGINAL.residue_of_atom() != PLACE) | (ORIGINAL.atom_code < 4)
    count = np.bincount(ORIGINAL.residue_of_atom()[keep], minlength=len(ORIGINAL))
    return ORIGINAL.replace(
        sequence=ORIGINAL.sequence[:PLACE] + AFTER + ORIGINAL.sequence[PLACE + 1 :], residue_name=names,
        atom_ptr=np.concatenate([[0], np.cumsum(count)]).astype(np.int64), atom_code=ORIGINAL.atom_code[keep],
        atom_position=ORIGINAL.atom_position[keep], b_factor=None,
    )  # fmt: skip


def item(name: str, label: Any = "1") -> dict[str, Any]:
    return {"id": name, "label": label, "original_atoms": atoms_of(ORIGINAL), "mutated_atoms": atoms_of(mutated())}


def archive(folder: Path, *train: dict[str, Any]) -> dict[str, bytes]:
    val, test = [item("1BBB_A_B_CA1A", "0")], [item("1CCC_A_B_CA1A", "1")]
    data = split_archive(folder, "split-by-sequence-identity-30", train, val, test)
    return list_files("atom3d_msp", {"MSP-split-by-sequence-identity-30.tar.gz": data})


def test_two_records_per_mutation(tmp_path: Path) -> None:
    source, _ = fetched(ATOM3DMSPConfig(folder=tmp_path / "data"), archive(tmp_path, item(GOOD)))
    report = SourceReport()
    proteins = list(source.proteins(report))
    assert [protein.id for protein in proteins[:2]] == [f"{GOOD}:original", f"{GOOD}:mutated"]
    first, second = proteins[:2]
    assert (first.sequence, second.sequence) == (ORIGINAL.sequence, mutated().sequence)
    for protein in (first, second):
        assert int(protein.labels["is_stabilising"].value) == 1
        assert np.flatnonzero(protein.labels["is_mutated"].value).tolist() == [PLACE]
        assert protein.labels["is_mutated"].is_known.all()
    assert int(proteins[2].labels["is_stabilising"].value) == 0
    # The two other ids name a residue that is not there: both of their records say so.
    assert report.counts == {"mutated_residue_not_at_its_place": 4}
    assert not proteins[2].labels["is_mutated"].is_known.any()
    split = source.split(tuple(protein.id for protein in proteins))  # type: ignore[call-arg]
    assert split.train == (f"{GOOD}:original", f"{GOOD}:mutated")
    assert len(split.validation) == len(split.test) == 2


def test_broken_items_are_named_whole(tmp_path: Path) -> None:
    broken = [
        item("1A22_A_B"), item(f"{GOOD}x"), item(GOOD, 1), item(f"{GOOD[:-1]}W", "2"),
        {**item(f"{GOOD[:-1]}Y"), "mutated_atoms": None},
    ]  # fmt: skip
    source, _ = fetched(ATOM3DMSPConfig(folder=tmp_path / "data"), archive(tmp_path, *broken))
    report = SourceReport()
    assert len(list(source.proteins(report))) == 4
    assert {name: reason.split(";")[0].rpartition(": ")[2] for name, reason in report.refused.items()} == {
        "train, item 0": "not a mutation", "train, item 1": "not a mutation", GOOD: "not a label",
        f"{GOOD[:-1]}W": "not a label", f"{GOOD[:-1]}Y": "not a table",
    }  # fmt: skip
