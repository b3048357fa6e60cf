"""A sequence model and a structure encoder as one: the three fusions of ESM-GearNet (Zhang et al. 2023).

    serial    the structure encoder reads the states of the sequence model in place of the features
    parallel  each reads its own; their states stand side by side
    cross     both are projected to one width; in each protein the two rows of states attend to each other

In all three the encoding of a residue is both states side by side; that of a protein is both pools side by side
(serial, parallel) or the sum over its residues (cross). The published model is ESM and GearNet; any two go together
here. The attention block of `cross` is that of a transformer: it adds to its input and is normalised. Axes: residue
(packed), channel; state (of the attention: the residues of a protein twice).
"""

from typing import Annotated, Any, ClassVar, Literal

import torch
from jaxtyping import Float, Int
from pydantic import BeforeValidator, Field, SerializeAsAny, model_validator
from torch import Tensor, nn

from protea.encoders.gearnet import GearNetConfig
from protea.encoders.interface import Encoder, EncoderConfig, Encoding, Symmetry
from protea.encoders.language.attention import WithinSequences
from protea.encoders.language.encoder import LanguageEncoderConfig
from protea.encoders.language.protea_mini import ProteaMiniConfig
from protea.encoders.language.tokens import TokenBatch
from protea.encoders.pooling import pool_residues
from protea.features.edges.catalogue import GraphConfig
from protea.features.interface import FeaturisedBatch
from protea.features.schemes import SchemeConfig

__all__ = ["CrossAttention", "Fusion", "FusionConfig"]


def _parsed(value: Any) -> Any:
    from protea.encoders.catalogue import parse_encoder  # the catalogue knows this file

    return parse_encoder(value) if isinstance(value, dict) else value


_AnyEncoder = Annotated[SerializeAsAny[EncoderConfig], BeforeValidator(_parsed)]


class FusionConfig(EncoderConfig):
    """A sequence model and a structure encoder; the graph is that of the structure encoder."""

    reads_positions: ClassVar[bool] = False

    kind: Literal["fusion"] = "fusion"
    how: Literal["serial", "parallel", "cross"] = Field(
        default="serial", description="serial: the structure encoder reads the states of the sequence model; parallel: "
        "each reads its own; cross: their states attend to each other.",
    )  # fmt: skip
    sequence: _AnyEncoder = Field(
        default=LanguageEncoderConfig(model=ProteaMiniConfig()), description="The encoder that reads the sequence."
    )
    structure: _AnyEncoder = Field(default=GearNetConfig(), description="The encoder that reads the structure.")
    graph: GraphConfig = Field(default=GearNetConfig().graph, description="Follows from the structure encoder.")
    width: int = Field(default=512, gt=0, description="Width to which both are projected (cross).")
    num_heads: int = Field(default=8, gt=0, description="Heads of the attention (cross).")
    dropout: float = Field(default=0.1, ge=0, lt=1, description="Dropout of what is attended to (cross).")

    @model_validator(mode="before")
    @classmethod
    def _take_graph_of_structure(cls, tree: Any) -> Any:
        if not isinstance(tree, dict):
            return tree
        structure = _parsed(tree.get("structure", GearNetConfig()))
        return {**tree, "structure": structure, "graph": structure.graph}

    @model_validator(mode="after")
    def _check_heads(self) -> "FusionConfig":
        if self.width % self.num_heads:
            raise ValueError(f"width {self.width} is no multiple of {self.num_heads} heads")
        return self

    def scheme_for(self, scheme: SchemeConfig) -> SchemeConfig:
        """Return the scheme with what either encoder cannot do without."""
        return self.structure.scheme_for(self.sequence.scheme_for(scheme))

    def sees_hidden_edges(self) -> bool:
        """Return whether either encoder measures edges that an objective hides."""
        return self.sequence.sees_hidden_edges() or self.structure.sees_hidden_edges()

    def unloaded(self) -> "FusionConfig":
        """Return the same encoders without published weights."""
        changes = {"sequence": self.sequence.unloaded(), "structure": self.structure.unloaded()}
        return self.model_copy(update=changes)

    def build(self, input_dim: int) -> "Fusion":
        """Return the encoder for features of this width."""
        return Fusion(self, input_dim)


class Fusion(Encoder):
    """Both encoders and what joins them (see the module docstring). It promises no more than its structure encoder."""

    # Promised of the class, so that of an instance: set from the structure encoder when it is built.
    symmetry: ClassVar[Symmetry] = "none"
    config: FusionConfig

    def __init__(self, config: FusionConfig, input_dim: int) -> None:
        super().__init__()
        self.config = config
        self.sequence = config.sequence.build(input_dim)
        read = self.sequence.output_dim if config.how == "serial" else input_dim
        self.structure = config.structure.build(read)
        self.symmetry = self.structure.symmetry  # type: ignore[misc]
        widths = self.sequence.output_dim, self.structure.output_dim
        self.cross = CrossAttention(widths, config) if config.how == "cross" else None
        self.output_dim = sum(widths) if self.cross is None else 2 * config.width

    def __call__(self, inputs: FeaturisedBatch) -> Encoding:
        """Return the encoding of packed proteins; each encoder reads residues or nodes as it does alone."""
        found: Encoding = nn.Module.__call__(self, inputs)
        return found

    def forward(self, inputs: FeaturisedBatch) -> Encoding:
        """Return both states of each residue side by side, and what they make of the protein."""
        sequence = self.sequence(inputs)
        structure = self.structure(_reading(inputs, sequence.residue) if self.config.how == "serial" else inputs)
        if self.cross is None:
            residue = torch.cat([sequence.residue, structure.residue], dim=1)
            protein = torch.cat([sequence.protein, structure.protein], dim=1)
        else:
            residue = self.cross(sequence.residue, structure.residue, inputs.residue_ptr)
            protein = pool_residues(residue, inputs.residue_ptr, "sum")
        return Encoding(residue, protein, structure.vectors, structure.position)


class CrossAttention(nn.Module):
    """One block of attention over the residues of each protein, seen twice."""

    def __init__(self, widths: tuple[int, int], config: FusionConfig) -> None:
        super().__init__()
        self.num_heads = config.num_heads
        self.project = nn.ModuleList(nn.Linear(width, config.width) for width in widths)
        self.mix = nn.Linear(config.width, 3 * config.width)
        self.out = nn.Linear(config.width, config.width)
        self.norm = nn.LayerNorm(config.width)
        self.dropout = nn.Dropout(config.dropout)

    def forward(
        self, one: Float[Tensor, "residue one"], other: Float[Tensor, "residue other"],
        residue_ptr: Int[Tensor, " protein_plus_1"],
    ) -> Float[Tensor, "residue channel"]:  # fmt: skip
        """Return both rows of states after they attended to each other, side by side."""
        if not len(one):
            return one.new_zeros((0, 2 * self.norm.normalized_shape[0]))
        state = torch.cat([self.project[0](one), self.project[1](other)])
        lengths = residue_ptr.diff()
        # Place of each residue's first and second state when those of a protein stand together.
        protein_of = torch.repeat_interleave(torch.arange(len(lengths), device=one.device), lengths)
        row = torch.arange(len(one), device=one.device)
        first = row + residue_ptr[:-1][protein_of]
        order = torch.cat([first, first + lengths[protein_of]])
        packed = torch.empty_like(state).index_copy(0, order, state)
        tokens = TokenBatch(torch.zeros_like(order), tuple((2 * lengths[lengths > 0]).tolist()))
        query, key, value = self.mix(packed).unflatten(1, (3, self.num_heads, -1)).unbind(1)
        gathered = WithinSequences(tokens)(0, query, key, value, query.shape[-1] ** -0.5).flatten(1)
        found = self.norm(packed + self.dropout(self.out(gathered)))[order]
        return torch.cat(found.chunk(2), dim=1)


def _reading(inputs: FeaturisedBatch, state: Float[Tensor, "residue channel"]) -> FeaturisedBatch:
    """Return the batch with states in place of the features, of nodes as well, each with the state of its residue."""
    seen = inputs.replace(scalar=state)
    nodes = inputs.nodes
    if nodes is None:
        return seen
    residue_of = torch.repeat_interleave(torch.arange(len(state), device=state.device), nodes.node_ptr.diff())
    return seen.replace(nodes=type(nodes)(nodes.inputs.replace(scalar=state[residue_of]), nodes.node_ptr, nodes.ca))
