"""Two forms of one protein: matched residues, the shift on binding, and what does not match."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from protea.datasets.interactions.conformation_pairs import conformation_pairs
from protea.datasets.sources.docking import DockingConfig
from protea.datasets.sources.interface import SourceReport
from protea.errors import FileFormatError
from tests.datasets.sources.test_docking import complex_files, written


def test_both_forms_of_both_partners(tmp_path: Path) -> None:
    source = DockingConfig(path=written(tmp_path, complex_files()))
    report = SourceReport()
    receptor, ligand = conformation_pairs(source, report)
    assert (receptor.id, ligand.id) == ("1ABC_r", "1ABC_l")
    assert (len(receptor.native), len(receptor.bound)) == (12, 10)
    assert receptor.row.tolist() == [*range(10), -1, -1]
    assert receptor.is_matched.tolist() == [True] * 10 + [False] * 2
    assert np.flatnonzero(receptor.interface).tolist() == [7, 8, 9]
    assert receptor.native_interface().tolist() == [False] * 7 + [True] * 3 + [False] * 2
    assert np.array_equal(receptor.partner.atom_position, ligand.bound.atom_position)
    # Residue 9 is missing in the unbound ligand.
    assert ligand.row.tolist() == [0, 2, 3, 4, 5, 6]
    assert report.num_proteins == 2
    assert report.counts == {"residues": 18, "residues_matched": 16, "residues_at_interface": 5}


def test_labels_are_those_of_the_source(tmp_path: Path) -> None:
    source = DockingConfig(path=written(tmp_path, complex_files()), state="bound")
    unbound = DockingConfig(path=source.path)
    for pair, record in zip(conformation_pairs(source), unbound.proteins(), strict=True):
        label = record.labels["interface"]
        assert np.array_equal(label.value.astype(bool), pair.native_interface())
        assert np.array_equal(label.is_known, pair.is_matched)
    for pair, record in zip(conformation_pairs(source), source.proteins(), strict=True):
        assert np.array_equal(record.labels["interface"].value.astype(bool), pair.interface)


def test_a_moved_copy_has_not_changed_and_a_moved_residue_has(tmp_path: Path) -> None:
    receptor, ligand = conformation_pairs(DockingConfig(path=written(tmp_path, complex_files())))
    shift, known = receptor.ca_shift()
    assert known.tolist() == receptor.is_matched.tolist()
    assert shift.max() < 1e-3  # only carried along the axis
    bent = ligand.bound.atom_position.copy()
    bent[-1] += 6.0
    moved = type(ligand)(
        ligand.id, ligand.native, ligand.bound.replace(atom_position=bent), ligand.partner, ligand.row,
        ligand.is_matched, ligand.interface,
    )  # fmt: skip
    shift, _ = moved.ca_shift()
    assert shift[-1] == shift.max() > 3


def test_an_incomplete_complex_is_refused(tmp_path: Path) -> None:
    files = complex_files()
    del files["1ABC/1ABC_l_b.pdb"]
    source = DockingConfig(path=written(tmp_path, files), state="bound")
    with pytest.raises(FileFormatError, match=r"no 1ABC_l_b\.pdb"):
        list(conformation_pairs(source))
    report = SourceReport()
    assert list(conformation_pairs(source, report)) == []
    assert list(report.refused) == ["1ABC"]


def test_real_complexes(shared_data: Path) -> None:
    source = DockingConfig(path=shared_data / "structures" / "bm5.tar.zst", contact_cutoff=5.0)
    pairs = list(islice(conformation_pairs(source), 8))
    for pair in pairs:
        assert pair.is_matched.mean() > 0.8
        shift, known = pair.ca_shift()
        assert 0 < np.median(shift[known]) < 5
        assert 5 <= pair.native_interface().sum() <= 90
