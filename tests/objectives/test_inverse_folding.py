"""The residue type from structure: 20 classes, no unknown residue, no way to peek."""

import math

import pytest
import torch

from protea.encoders.schnet import SchNetConfig
from protea.errors import LeakError
from protea.features.schemes import SchemeConfig
from protea.objectives.interface import Corruption
from protea.objectives.inverse_folding import InverseFoldingConfig
from protea.objectives.sequence_denoising import SequenceDenoisingConfig
from protea.protein.batch import ProteinBatch
from protea.training.model import ModelConfig
from tests.objectives.made import built, made_batch


def model_config(**scheme: object) -> ModelConfig:
    return ModelConfig(
        scheme=SchemeConfig(**scheme),  # type: ignore[arg-type]
        encoder=SchNetConfig(hidden_dim=8, output_dim=8, num_layers=1, num_filters=8, num_gaussians=4),
        objectives={"residue_type": InverseFoldingConfig()},
        weights={"residue_type": 1.0},
    )


def test_uniform_logits_cost_the_logarithm_of_twenty(dtype: torch.dtype, tolerance: float) -> None:
    found = built(InverseFoldingConfig(), made_batch(5, dtype=dtype))
    assert found.predict().shape == (5, 20)
    loss = found.objective.loss_sum(torch.zeros(3, 20, dtype=dtype), torch.tensor([0, 7, 19]))
    assert float(loss) == pytest.approx(3 * math.log(20), rel=tolerance)


def test_unknown_residues_are_not_supervised() -> None:
    batch = made_batch(4)
    batch = batch.replace(residue_type=torch.tensor([0, 20, 19, 20]))
    targets = built(InverseFoldingConfig(), batch).objective.targets(batch)
    assert targets.is_supervised.tolist() == [True, False, True, False]


def test_the_target_is_the_true_type_beside_a_denoising_objective() -> None:
    batch = made_batch(40)
    corrupted = built(SequenceDenoisingConfig(rate=0.5), batch).objective.corrupt(batch, Corruption(0, 0))
    assert not torch.equal(corrupted.residue_type, batch.residue_type)
    targets = built(InverseFoldingConfig(), batch).objective.targets(corrupted)
    assert torch.equal(targets.value, batch.residue_type)


@pytest.mark.parametrize(
    "scheme", [{"kind": "ca_base"}, {"kind": "ca_bb"}, {"kind": "ca_sc", "without_residue_type": True}]
)
def test_a_scheme_that_reveals_the_answer_is_refused(scheme: dict[str, object]) -> None:
    with pytest.raises(LeakError, match="reveals the answer"):
        model_config(**scheme).build()


def test_predictions_do_not_change_with_the_sequence_or_the_side_chains() -> None:
    torch.manual_seed(0)
    model = model_config(kind="ca_bb", without_residue_type=True).build().double().eval()
    batch = made_batch(12, 7)
    backbone = _without_side_chains(batch).replace(residue_type=(batch.residue_type + 3) % 20)
    one, other = (model(model.featurise(item))["residue_type"] for item in (batch, backbone))
    assert torch.equal(one, other)


def _without_side_chains(batch: ProteinBatch) -> ProteinBatch:
    """The batch with nothing but N, CA and C: even the number of atoms tells no residue from another."""
    keep = batch.atom_code < 3
    counts = torch.zeros(batch.num_residues, dtype=torch.long).index_add(0, batch.residue_of_atom(), keep.long())
    atom_ptr = torch.cat([torch.zeros(1, dtype=torch.long), counts.cumsum(0)])
    return batch.replace(atom_ptr=atom_ptr, atom_code=batch.atom_code[keep], atom_position=batch.atom_position[keep])
