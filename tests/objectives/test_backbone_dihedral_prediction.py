"""The torsions that chains were built with are the target; features that hold them are refused."""

import math

import pytest
import torch

from protea.errors import LeakError
from protea.features.schemes import SchemeConfig
from protea.objectives.backbone_dihedral_prediction import BackboneDihedralPredictionConfig
from protea.objectives.interface import Corruption
from protea.objectives.structure_denoising import StructureDenoisingConfig
from tests.features.proteins import angles_of, is_written, random_proteins
from tests.objectives.made import built, made_batch

CONFIG = BackboneDihedralPredictionConfig()


def test_the_target_is_the_torsions_of_the_chain(dtype: torch.dtype) -> None:
    proteins = random_proteins(14, 6, dtype=dtype)
    value, is_supervised = built(CONFIG, proteins.batch()).objective.targets(proteins.batch())
    keep = is_written(value)
    apart = angles_of(value) - proteins.torsion.to(dtype)
    apart = (apart + math.pi) % (2 * math.pi) - math.pi
    assert float(apart[keep].abs().max()) < (1e-4 if dtype == torch.float32 else 1e-9)
    assert (~keep).nonzero().tolist() == [[0, 0], [13, 1], [13, 2], [14, 0], [19, 1], [19, 2]]
    assert bool(is_supervised.all())


def test_nothing_is_asked_over_a_break_or_of_a_residue_alone() -> None:
    batch = random_proteins(8, 1).cut_before(4).batch()
    value, is_supervised = built(CONFIG, batch).objective.targets(batch)
    assert is_written(value)[3].tolist() == [True, False, False]
    assert is_written(value)[4].tolist() == [False, True, True]
    assert is_supervised.tolist() == [True] * 8 + [False]


def test_the_target_is_that_of_the_clean_structure() -> None:
    batch = made_batch(9)
    noisy = built(StructureDenoisingConfig(), batch).objective.corrupt(batch, Corruption(0, 0))
    objective = built(CONFIG, batch).objective
    assert torch.equal(objective.targets(noisy).value, objective.targets(batch).value)


@pytest.mark.parametrize("kind", ["ca_bb", "ca_sc"])
def test_features_with_dihedrals_are_refused(kind: str) -> None:
    with pytest.raises(LeakError, match=r"backbone_dihedrals.*Choose ca_angles or less"):
        SchemeConfig(kind=kind).build().refuse(built(CONFIG, made_batch(5)).objective.forbids)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["ca_base", "ca_seq", "ca_angles"])
def test_features_without_dihedrals_are_allowed(kind: str) -> None:
    SchemeConfig(kind=kind).build().refuse(built(CONFIG, made_batch(5)).objective.forbids)  # type: ignore[arg-type]


@pytest.mark.parametrize("representation", ["backbone", "full_atom", "backbone_side_chain"])
def test_nodes_that_are_backbone_atoms_are_refused(representation: str) -> None:
    scheme = SchemeConfig(kind="ca_seq", representation=representation).build()  # type: ignore[arg-type]
    with pytest.raises(LeakError, match=r"backbone_dihedrals.*Choose the representation ca\."):
        scheme.refuse(built(CONFIG, made_batch(5)).objective.forbids)
