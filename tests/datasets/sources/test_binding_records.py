"""Affinities of complexes and of mutants as records with one label."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from protea.datasets.interactions.skempi_table import Mutation
from protea.datasets.sources.binding_records import BindingRecordsConfig, mutated
from protea.datasets.sources.interface import SourceReport
from protea.datasets.sources.published.sabdab import SAbDabConfig
from protea.errors import FileFormatError
from protea.protein.chemistry import ATOM_CODE
from protea.protein.record import Protein
from tests.datasets.sources.made_binding import ENTRIES, made_skempi, mutation, skempi_rows
from tests.datasets.sources.published.made_site import entry


def test_complexes_have_the_energy_of_the_wild_type(tmp_path: Path) -> None:
    report = SourceReport()
    found = list(BindingRecordsConfig(source=made_skempi(tmp_path)).proteins(report))
    assert [one.id for one in found] == [f"{name}_A_B" for name in ENTRIES]
    assert report.num_proteins == 6
    for one in found:
        assert float(one.labels["affinity"].value) == pytest.approx(-12.272, abs=0.005)  # 1 nM at 298 K
        assert int(one.labels["num_mutations"].value) == 0
        assert int(one.labels["num_interface_residues"].value) >= 2  # chain B was laid beside chain A


def test_mutants_have_the_change_and_bounds_are_counted(tmp_path: Path) -> None:
    report = SourceReport()
    found = list(BindingRecordsConfig(source=made_skempi(tmp_path), asks="change").proteins(report))
    assert [one.id for one in found[:2]] == ["1ABC_A_B:0", "1ABC_A_B:1"]
    assert len(found) == 11
    assert report.counts["without_an_exact_affinity"] == 1
    single, double = found[:2]
    assert float(single.labels["affinity"].value) == pytest.approx(0.4105, abs=0.002)  # 2 nM against 1 nM
    assert [int(one.labels["num_mutations"].value) for one in (single, double)] == [1, 2]
    assert single.sequence[3] == double.sequence[3] == "A"
    assert double.sequence[5] == "G"


def test_what_the_source_counted_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = made_skempi(tmp_path)
    proteins = list(source.proteins())

    def counting(self: object, report: SourceReport | None = None) -> Iterator[Protein]:
        assert report is not None
        report.count("rows_left_out", 7)
        yield from proteins

    monkeypatch.setattr(type(source), "proteins", counting)
    report = SourceReport()
    list(BindingRecordsConfig(source=source).proteins(report))
    assert report.counts == {"rows_left_out": 7}


def test_a_mutated_residue_keeps_its_backbone_alone() -> None:
    protein = entry("1abc", "AB")
    text = mutation("1ABC", 5, "G")
    change = Mutation(text[0], "A", int(protein.author_number[5]), "", "G")
    made = mutated(protein, (change,))
    here = made.residue_of_atom() == 5
    assert set(made.atom_code[here].tolist()) == {ATOM_CODE[name] for name in ("N", "CA", "C", "O")}
    others = protein.residue_of_atom() != 5
    assert np.array_equal(made.atom_position[~here], protein.atom_position[others])
    assert made.sequence == f"{protein.sequence[:5]}G{protein.sequence[6:]}"
    to_alanine = mutated(protein, (change._replace(mutant="A"),))
    had_cb = ATOM_CODE["CB"] in protein.atom_code[~others]
    kept = to_alanine.atom_code[to_alanine.residue_of_atom() == 5]
    assert (ATOM_CODE["CB"] in kept) == had_cb


def test_a_mutation_that_does_not_fit_is_refused_by_name(tmp_path: Path) -> None:
    rows = skempi_rows()
    letter = rows[0].split(";")[1][0]
    rows[0] = rows[0].replace(f";{letter}A", f";{'W' if letter != 'W' else 'Y'}A")
    source = BindingRecordsConfig(source=made_skempi(tmp_path, rows), asks="change")
    report = SourceReport()
    assert len(list(source.proteins(report))) == 10
    assert list(report.refused) == ["1ABC_A_B:0"]
    with pytest.raises(FileFormatError, match="fits no residue"):
        list(source.proteins())


def test_antibodies_have_no_mutants(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="SKEMPI alone"):
        BindingRecordsConfig(source=SAbDabConfig(folder=tmp_path), asks="change")
