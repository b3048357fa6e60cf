"""Sequences of chains with places as labels: those of the atoms, and nothing else of the structure is left."""

from pathlib import Path

import numpy as np
import pytest

from protea.datasets.sources.folder import FolderConfig
from protea.datasets.sources.interface import SourceReport
from protea.datasets.sources.positioned_chains import RESIDUE_POSITION, PositionedChainsConfig
from protea.errors import InputError
from protea.protein.chemistry import ATOM_CODE
from protea.protein.record import Protein
from protea.protein.writers.mmcif import format_mmcif
from tests.datasets.sources.published.made_site import entry


def source_in(folder: Path, chains: str = "A", **settings: object) -> PositionedChainsConfig:
    (folder / "1abc.cif").write_text(format_mmcif(entry("1abc", chains)))
    return PositionedChainsConfig(structures=FolderConfig(path=folder, by_chain=len(chains) > 1), **settings)  # type: ignore[arg-type]


def atom_of(protein: Protein, residue: int, name: str) -> np.ndarray:
    own = slice(protein.atom_ptr[residue], protein.atom_ptr[residue + 1])
    return protein.atom_position[own][protein.atom_code[own] == ATOM_CODE[name]][0]


def test_places_are_those_of_cb_and_of_ca_where_there_is_none(tmp_path: Path) -> None:
    (found,) = source_in(tmp_path).proteins()
    structure = next(iter(FolderConfig(path=tmp_path).proteins()))
    label = found.labels[RESIDUE_POSITION]
    assert (found.id, found.sequence, found.num_atoms, len(found.ligands)) == (structure.id, structure.sequence, 0, 0)
    assert label.is_known.all()
    for residue, letter in enumerate(structure.sequence):
        np.testing.assert_array_equal(
            label.value[residue], atom_of(structure, residue, "CA" if letter == "G" else "CB")
        )
    (ca,) = source_in(tmp_path, atom="CA").proteins()
    np.testing.assert_array_equal(ca.labels[RESIDUE_POSITION].value[3], atom_of(structure, 3, "CA"))
    assert source_in(tmp_path).fingerprint() != source_in(tmp_path, atom="CA").fingerprint()


def test_a_residue_without_its_atom_has_no_place_and_a_chain_without_any_is_left_out(tmp_path: Path) -> None:
    lines = format_mmcif(entry("1abc", "A", zinc=False)).splitlines()
    gone = [line for line in lines if not (line.startswith("ATOM") and " CB " in line and int(line.split()[1]) < 60)]
    assert len(gone) < len(lines)
    (tmp_path / "1abc.cif").write_text("\n".join(gone) + "\n")
    bare = [line for line in lines if not (line.startswith("ATOM") and " CB " in line) and " GLY " not in line]
    report = SourceReport()
    (found,) = PositionedChainsConfig(structures=FolderConfig(path=tmp_path)).proteins(report)
    label = found.labels[RESIDUE_POSITION]
    assert 0 < (~label.is_known).sum() < len(found)
    assert not label.value[~label.is_known].any()
    (tmp_path / "1abc.cif").write_text("\n".join(bare) + "\n")
    report = SourceReport()
    assert not list(PositionedChainsConfig(structures=FolderConfig(path=tmp_path)).proteins(report))
    assert (report.num_proteins, report.counts) == (0, {"chains_without_known_places": 1})


def test_several_chains_are_parted_or_refused(tmp_path: Path) -> None:
    first, second = source_in(tmp_path, "AB").proteins()
    assert (first.id, second.id) == ("1abc_A", "1abc_B")
    whole = PositionedChainsConfig(structures=FolderConfig(path=tmp_path))
    with pytest.raises(
        InputError, match=r"1abc: a structure of several chains; expected one chain; found A, B.*by_chain"
    ):
        list(whole.proteins())
    with pytest.raises(InputError, match=r"no published parts.*split: components"):
        whole.parts()
