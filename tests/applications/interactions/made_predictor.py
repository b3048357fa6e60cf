"""Models of unseen pairs without training, of fixed seeds."""

import torch

from protea.applications.interactions.comparison import NetworkConfig
from protea.applications.interactions.pair_predictor import PairPredictor, PairPredictorConfig
from protea.applications.interactions.protein_inputs import ProteinInputsConfig
from protea.objectives.bilinear_attention import BilinearAttentionConfig
from protea.objectives.pair_heads import ProductHeadConfig


def made_predictor(*, maps: bool = False, outputs: tuple[str, ...] = ("interaction",)) -> PairPredictor:
    """A model over compositions, or over residue types with a map of residue pairs."""
    torch.manual_seed(0)
    head = BilinearAttentionConfig(width=4, hidden=8) if maps else ProductHeadConfig(width=6)
    config = PairPredictorConfig(
        network=NetworkConfig(name="made", actions="none"), head=head,
        inputs=ProteinInputsConfig(columns=("composition",)),
    )  # fmt: skip
    width = 21 if maps else 20
    size = 1 if maps else width
    return PairPredictor(
        config, head.build(width, len(outputs)).eval(), torch.full((size,), 0.05), torch.full((size,), 0.1), outputs,
        0.5, {"input_dim": width, "network": "made"},
    )  # fmt: skip
