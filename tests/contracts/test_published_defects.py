"""Defects of ProteinWorkshop that no other test names, and the page that lists them all."""

import re
from pathlib import Path

import pytest
import torch

from protea.features.edges.catalogue import KNearest
from protea.features.schemes import SchemeConfig
from protea.protein.batch import ProteinBatch
from tests.architecture.source_tree import REPOSITORY
from tests.objectives.made import made_batch

PAGE = REPOSITORY / "docs" / "concepts" / "differences-from-proteinworkshop.md"
NAMED = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE.read_text(encoding="utf-8"))


def scalar(batch: ProteinBatch) -> torch.Tensor:
    return SchemeConfig(kind="ca_bb").build()(batch, KNearest(k=4)).scalar


def test_three_proteins_have_the_features_of_each_alone() -> None:
    batch = made_batch(9, 7, 12, seed=3)
    alone = torch.cat([scalar(batch.select([index])) for index in range(3)])
    assert torch.equal(scalar(batch), alone)


def test_the_last_residues_do_not_feel_where_the_protein_lies() -> None:
    batch = made_batch(12, 6, seed=4)
    moved = batch.replace(atom_position=batch.atom_position + torch.tensor([30.0, -20.0, 10.0]))
    assert torch.allclose(scalar(moved), scalar(batch), atol=1e-4)


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_every_test_that_the_page_names_exists(file: str, name: str) -> None:
    text = (REPOSITORY / Path(file)).read_text(encoding="utf-8")
    assert not name or f"def {name}(" in text


def test_the_page_names_a_test_in_every_row() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    rows = [line for line in rows if not line.startswith("| the original")]
    assert len(rows) >= 30
    assert all("`tests/" in line for line in rows)
