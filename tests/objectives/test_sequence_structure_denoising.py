"""Both corruptions as they are alone, and a loss that is the weighted sum of both means."""

import pytest
import torch

from protea.errors import LeakError
from protea.features.schemes import SchemeConfig
from protea.objectives.interface import Corruption
from protea.objectives.sequence_denoising import SequenceDenoisingConfig
from protea.objectives.sequence_structure_denoising import SequenceStructureDenoisingConfig
from protea.objectives.structure_denoising import StructureDenoisingConfig
from protea.protein.chemistry import ATOM_CODE
from tests.features.proteins import random_proteins
from tests.objectives.made import built, made_batch

CORRUPTION = Corruption(0, 0)


def means(batch, prediction):  # type: ignore[no-untyped-def]
    """The mean loss of each part alone, on the same prediction."""
    found = []
    for config, columns in ((SequenceDenoisingConfig(), slice(0, 20)), (StructureDenoisingConfig(), slice(20, 23))):
        objective = built(config, batch).objective
        value, keep = objective.targets(objective.corrupt(batch, CORRUPTION))
        found.append(float(objective.loss_sum(prediction[keep][:, columns], value[keep]) / keep.sum()))
    return found


def test_each_corruption_is_the_one_that_it_would_be_alone() -> None:
    batch = made_batch(20, 8)
    both = built(SequenceStructureDenoisingConfig(), batch).objective.corrupt(batch, CORRUPTION)
    sequence = built(SequenceDenoisingConfig(), batch).objective.corrupt(batch, CORRUPTION)
    structure = built(StructureDenoisingConfig(), batch).objective.corrupt(batch, CORRUPTION)
    assert torch.equal(both.residue_type, sequence.residue_type)
    assert torch.equal(both.atom_position, structure.atom_position)
    assert not torch.equal(both.residue_type, batch.residue_type)


@pytest.mark.parametrize("weights", [(1.0, 1.0), (0.5, 3.0)])
def test_the_loss_is_the_weighted_sum_of_both_means(weights: tuple[float, float], dtype, tolerance) -> None:  # type: ignore[no-untyped-def]
    # Published: mean cross-entropy over corrupted residues + mean squared error over all, unweighted.
    batch = made_batch(20, 20, dtype=dtype)
    config = SequenceStructureDenoisingConfig(sequence_weight=weights[0], structure_weight=weights[1])
    objective = built(config, batch).objective
    value, keep = objective.targets(objective.corrupt(batch, CORRUPTION))
    prediction = torch.randn(40, 23, dtype=dtype)
    found = float(objective.loss_sum(prediction[keep], value[keep]) / keep.sum())
    cross_entropy, squared_error = means(batch, prediction)
    assert found == pytest.approx(weights[0] * cross_entropy + weights[1] * squared_error, rel=tolerance)


def test_a_protein_without_coordinates_is_supervised_by_its_sequence_alone() -> None:
    whole = random_proteins(8, 8)
    batch = whole.without(*((row, ATOM_CODE["CA"]) for row in range(8))).batch()
    objective = built(SequenceStructureDenoisingConfig(), batch).objective
    value, keep = objective.targets(objective.corrupt(batch, CORRUPTION))
    assert int(keep[:8].sum()) == 2  # a quarter
    assert bool(keep[8:].all())
    assert torch.equal(value[:8, 1] > 0, keep[:8])
    assert (value[:8, 5] == 0).all()
    assert value[8:, 5].tolist() == [1.0] * 8
    assert sorted(value[8:, 1].unique().tolist()) == [0.0, 4.0]


def test_scores_are_those_of_the_parts() -> None:
    objective = built(SequenceStructureDenoisingConfig(), made_batch(5)).objective
    score = objective.score(torch.ones(2, 23, dtype=torch.float64))
    assert torch.allclose(score[:, :20].exp().sum(1), torch.ones(2, dtype=torch.float64))
    assert torch.allclose(score[:, 20:], torch.full((2, 3), 0.1, dtype=torch.float64))


def test_side_chain_features_are_refused() -> None:
    objective = built(SequenceStructureDenoisingConfig(), made_batch(5)).objective
    with pytest.raises(LeakError, match="side_chain"):
        SchemeConfig(kind="ca_sc").build().refuse(objective.forbids)
    SchemeConfig(kind="ca_bb").build().refuse(objective.forbids)
