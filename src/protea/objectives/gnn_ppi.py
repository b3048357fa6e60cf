"""GNN-PPI whole: its sequence encoder under its graph head, loaded from a published checkpoint by its own key names.

The published checkpoints (`gnn_model_valid_best.ckpt`, `gnn_model_train.ckpt`) hold a dictionary with `state_dict`. Its
keys are those of the two parts here, side by side. Which way a checkpoint was trained (messages over all pairs or over
the training pairs) stands in no tensor.
"""

from collections.abc import Mapping

from jaxtyping import Float, Int
from pydantic import Field
from torch import Tensor, nn

from protea.config import Config
from protea.encoders.gnn_ppi import GNNPPISequenceConfig
from protea.encoders.weights.key_fit import fit_of_keys
from protea.errors import InputError, describe
from protea.objectives.interaction_graph import InteractionGraphConfig

__all__ = ["GNNPPI", "GNNPPIConfig"]


class GNNPPIConfig(Config):
    """The published model: sequences of a whole network in, logits of the types of interaction of its pairs out."""

    sequence: GNNPPISequenceConfig = Field(GNNPPISequenceConfig(), description="The sequence encoder.")
    graph: InteractionGraphConfig = Field(InteractionGraphConfig(), description="The graph head.")
    num_types: int = Field(7, ge=1, description="Types of interaction.")

    def build(self) -> "GNNPPI":
        """Return the model."""
        return GNNPPI(self)


class GNNPPI(nn.Module):
    """The sequence encoder and the graph head."""

    def __init__(self, config: GNNPPIConfig) -> None:
        super().__init__()
        self.config = config
        self.sequence = config.sequence.build()
        self.graph = config.graph.build(config.sequence.output_dim, config.num_types)

    def forward(
        self, residue: Float[Tensor, "residue column"], residue_ptr: Int[Tensor, " protein_plus_1"],
        edge: Int[Tensor, "2 edge"], pair: Int[Tensor, "pair 2"],
    ) -> Float[Tensor, "pair type"]:  # fmt: skip
        """Return the logits of pairs of proteins of a network, given the residues of all its proteins."""
        return self.graph(self.sequence(residue, residue_ptr), edge, pair)

    def load_published(self, tensors: Mapping[str, Tensor], *, where: str = "weights") -> None:
        """Load tensors by their published names; nothing is changed if anything is wrong.

        Raises:
            InputError: if keys are missing, unexpected or of another shape.
        """
        parts: dict[str, nn.Module] = {"sequence": self.sequence, "graph": self.graph}
        own = {key: value for part in parts.values() for key, value in part.state_dict().items()}
        fit = fit_of_keys(own, tensors)
        if not fit.is_exact:
            raise InputError(
                describe("the tensors do not fit GNN-PPI", where=where, expected="every key and shape of the settings",
                         found=str(fit), do="Build it with the sizes that the weights were trained with.")
            )  # fmt: skip
        for part in parts.values():
            part.load_state_dict({key: tensors[key] for key in part.state_dict()})
