"""Interfaces of MaSIF-site: one or several chains, labelled in their whole entry, validation drawn by seed."""

from pathlib import Path

import numpy as np
import pytest

from protea.datasets.sources.contact_labels import interface_residues
from protea.datasets.sources.interface import SourceReport
from protea.datasets.sources.published.masif_site import MasifSiteConfig
from protea.errors import FileFormatError
from tests.datasets.sources.published.made_site import entry, fetched, list_files, structure_files

TRAIN = "\n".join(["1AAA_A", "1AAA_B_A", *(f"1b{letter}b_A" for letter in "abcdefgh")])
FILES = list_files("masif_site", {"training.txt": TRAIN, "testing.txt": "1CCC_AB\n"})


def test_residues_at_the_other_chain(tmp_path: Path) -> None:
    source, found = fetched(MasifSiteConfig(folder=tmp_path), FILES | structure_files("1aaa 1ccc 1bab"))
    assert len(found.failed) == 7
    proteins = [protein for protein in source.proteins(SourceReport()) if not protein.id.startswith("1b")]
    assert [protein.id for protein in proteins] == ["1aaa_A", "1aaa_B", "1ccc_AB"]
    (table,) = source.labels(proteins)
    whole = entry("1aaa")
    wanted = interface_residues(whole.select_chains(("A",)), whole.select_chains(("B",)), 3.5)
    assert table.of["1aaa_A"].value.tolist() == wanted.astype(int).tolist()
    assert wanted.any()
    assert table.of["1aaa_B"].value[0] == 1
    assert not table.of["1ccc_AB"].is_known.any()  # no chain is left that it could touch


def test_validation_is_drawn_from_the_training_list(tmp_path: Path) -> None:
    source, _ = fetched(MasifSiteConfig(folder=tmp_path, validation_share=0.3), FILES)
    split = source.split()
    assert split.test == ("1ccc_AB",)
    assert (len(split.train), len(split.validation)) == (7, 3)
    assert source.split() == split
    other = source.model_copy(update={"seed": 1}).split()
    assert set(other.ids()) == set(split.ids())
    assert other.validation != split.validation


def test_lines_without_chain_are_refused(tmp_path: Path) -> None:
    (tmp_path / "training.txt").write_text("1AAA\n")
    with pytest.raises(FileFormatError, match="not a chain; expected entry and chains"):
        MasifSiteConfig(folder=tmp_path).listing()
    assert np.array_equal(MasifSiteConfig(folder=tmp_path).settings(), "")
