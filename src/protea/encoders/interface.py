"""The one interface of all encoders: a featurised batch in, an `Encoding` out.

Axes: residue (packed), protein, channel. Law (eval mode): encode(pack(a, b)) == pack(encode(a), encode(b)).
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import model_validator
from torch import Tensor, nn

from protea.config import Config
from protea.errors import ConfigError, describe
from protea.features.edges.catalogue import GraphConfig, PredictedContacts
from protea.features.interface import FeaturisedBatch, Nodes
from protea.features.schemes import Scheme, SchemeConfig
from protea.geometry.segments import segment_mean

__all__ = ["Encoder", "EncoderConfig", "Encoding", "Symmetry"]

Symmetry = Literal["E(3)-invariant", "SE(3)-invariant", "E(3)-equivariant", "SE(3)-equivariant", "none"]
"""How the outputs transform with the positions while the scalar inputs stay fixed."""


@dataclass(frozen=True, eq=False)
class Encoding:
    """What an encoder returns; `vectors` and `position` (angstrom) turn with the input, the rest does not."""

    residue: Float[Tensor, "residue channel"]
    protein: Float[Tensor, "protein channel"]
    vectors: Float[Tensor, "residue vector 3"] | None = None
    position: Float[Tensor, "residue 3"] | None = None
    attention: Tensor | None = None


class Encoder(nn.Module, ABC):
    """Base of all encoders. A subclass is final: it implements `forward` and says its symmetry and width.

    Call the encoder, never `forward`: where a scheme represents residues by nodes, `forward` reads the nodes as its
    rows, and the call gives back residues.
    """

    symmetry: ClassVar[Symmetry]
    config: "EncoderConfig"
    output_dim: int

    @property
    def prompt_names(self) -> tuple[str, ...]:
        """Names of the prompts that the encoder has; most have none."""
        return ()

    @property
    def default_prompts(self) -> tuple[str, ...]:
        """The prompts that it reads where a batch names none."""
        return ()

    def chosen_prompts(self, names: Iterable[str] | None) -> tuple[str, ...]:
        """Return the prompts that a set of names means, in the order of the encoder; the default ones for None.

        Raises:
            ConfigError: if the encoder has no such prompt, or one is named twice.
        """
        if names is None:
            return self.default_prompts
        asked = tuple(names)
        if len(set(asked)) < len(asked) or not set(asked) <= set(self.prompt_names):
            raise ConfigError(
                describe("no such prompts", where=f"encoder {self.config.kind}",
                         expected=f"some of {', '.join(self.prompt_names)}, each once" if self.prompt_names else "none",
                         found=", ".join(asked),
                         do="Prompts are those of a language model (kind: language_model, `prompts`).")
            )  # fmt: skip
        return tuple(name for name in self.prompt_names if name in asked)

    def __call__(self, inputs: FeaturisedBatch) -> Encoding:
        """Return the encoding of packed proteins, a row per residue."""
        if inputs.prompts:
            self.chosen_prompts(inputs.prompts)
        nodes = inputs.nodes
        if nodes is None:
            found: Encoding = super().__call__(inputs)
            return found
        if len(nodes.inputs.position) == 0:
            return self._without_nodes(inputs)
        return _per_residue(super().__call__(nodes.inputs), inputs, nodes)

    def _without_nodes(self, inputs: FeaturisedBatch) -> Encoding:
        """Return zeros, as for every residue and protein without nodes: there is nothing to read."""
        like = next(self.parameters(), inputs.scalar)
        residue = like.new_zeros((len(inputs.position), self.output_dim))
        protein = like.new_zeros((inputs.num_proteins, self.output_dim))
        return Encoding(residue, protein, position=inputs.position.to(like.dtype))

    @abstractmethod
    def forward(self, inputs: FeaturisedBatch) -> Encoding:
        """Return the encoding of packed proteins."""


class EncoderConfig(Config, ABC):
    """Base of all encoder configurations; the subclass adds `kind: Literal[...]` and the sizes.

    `graph` is the graph that the encoder reads; sizes that follow from the features are passed to `build`.
    `reads_orientation` says that it cannot do without the orientation vectors of residues, `reads_letters_only` that
    it reads residue types and the chains that they form, and neither features nor structure nor nodes. Where
    `reads_positions` is false the edges are enough for it, so that its graph may be predicted contacts. One that
    `finds_own_neighbours` measures distances beside those of its graph, so that no edge can be hidden from it.
    """

    reads_orientation: ClassVar[bool] = False
    reads_letters_only: ClassVar[bool] = False
    reads_positions: ClassVar[bool] = True
    finds_own_neighbours: ClassVar[bool] = False

    kind: str
    graph: GraphConfig

    @model_validator(mode="after")
    def _check_graph_has_positions(self) -> "EncoderConfig":
        if self.reads_positions and isinstance(self.graph, PredictedContacts):
            raise ValueError(
                f"{self.kind} reads positions, and predicted contacts give none: take gearnet, gcn, gat, gatv2 or "
                "graph_transformer for proteins without structure"
            )
        return self

    def scheme_for(self, scheme: SchemeConfig) -> SchemeConfig:
        """Return the scheme with what this encoder cannot do without turned on; other encoders do not look at it."""
        return scheme.model_copy(update={"orientation": True}) if self.reads_orientation else scheme

    def needs_ca(self, scheme: Scheme) -> bool:
        """Return whether a protein without any CA says nothing to this encoder: no sequence alone is enough for it."""
        return scheme.reads_structure and not scheme.has_contacts and not self.reads_letters_only

    def sees_hidden_edges(self) -> bool:
        """Return whether edges that an objective hides from the graph are measured all the same."""
        return self.finds_own_neighbours

    def unloaded(self) -> "EncoderConfig":
        """Return the same encoder without published weights, for one whose state is loaded after it was built."""
        return self

    @abstractmethod
    def build(self, input_dim: int) -> Encoder:
        """Return the encoder for features of this width."""


def _per_residue(encoding: Encoding, residues: FeaturisedBatch, nodes: Nodes) -> Encoding:
    """Return the mean over the nodes of each residue, 0 for a residue without nodes.

    Positions are those of the CA, unresolved ones as they were. The protein keeps what the encoder read of its nodes,
    and attention stays one of nodes.
    """
    position = encoding.position
    if position is not None:
        at = nodes.ca.clamp(max=len(position) - 1)
        has_ca = residues.is_resolved[:, None]
        position = torch.where(has_ca, position[at], residues.position.to(position.dtype))
    vectors = None if encoding.vectors is None else segment_mean(encoding.vectors, nodes.node_ptr)
    return replace(encoding, residue=segment_mean(encoding.residue, nodes.node_ptr), vectors=vectors, position=position)
