"""DimeNet++: messages between edges by distance and angle (Gasteiger et al. 2020), as ProteinWorkshop ships it.

Every edge j -> i has a state; it hears the edges k -> j, weighted by the distance k-j and an angle. Scalar features
enter through a linear map instead of an atom-type table. E(3)-invariant. An edge at or beyond the cutoff weighs
nothing in any output, so it is left out from the start.

The angle is that at i between j and k (`at_target`), which the published weights were trained with; the rule of
torch_geometric's DimeNet++ is the angle between the steps k -> j and j -> i (`along_path`). Key names of the published
weights: `emb`, `rbf.freq`, `interaction_blocks.i`, `output_blocks.i` as below.
"""

from collections.abc import Callable
from typing import Any, ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn
from torch.nn.functional import linear
from torch.utils.checkpoint import checkpoint

from protea.encoders.activations import ACTIVATIONS, Activation
from protea.encoders.centred_edges import CentredEdges, centred_edges
from protea.encoders.dimenet_basis import BesselBasis, angular_basis, radial_basis
from protea.encoders.dimenet_messages import triplet_sum, triplet_weights
from protea.encoders.dimenet_triplets import AngleRule, Triplets, cosines, edges_within, triplets
from protea.encoders.dimenet_update import updated_state
from protea.encoders.interface import Encoder, EncoderConfig, Encoding, Symmetry
from protea.encoders.pooling import Pool, pool_residues
from protea.encoders.precision import compute_dtype
from protea.features.edges.catalogue import GraphConfig, KNearest
from protea.features.interface import FeaturisedBatch

__all__ = ["DimeNet", "DimeNetConfig"]

_Act = Callable[[Tensor], Tensor]


class DimeNetConfig(EncoderConfig):
    """DimeNet++. The defaults are the benchmark's width; `published()` gives the sizes of the shipped weights."""

    kind: Literal["dimenet"] = "dimenet"
    graph: GraphConfig = Field(default=KNearest(k=16), description="The graph of residues; any untyped one.")
    hidden_dim: int = Field(default=128, ge=1, description="Width of the edges' states.")
    output_dim: int = Field(default=128, ge=1, description="Width of the encoding.")
    num_layers: int = Field(default=3, ge=1, description="Number of interactions.")
    triplet_dim: int = Field(default=64, ge=1, description="Width in which states travel over triplets.")
    basis_dim: int = Field(default=8, ge=1, description="Width between the bases and the states.")
    output_hidden_dim: int = Field(default=256, ge=1, description="Width of the maps that lead to the encoding.")
    num_spherical: int = Field(default=7, ge=1, description="Number of functions of the angle.")
    num_radial: int = Field(default=6, ge=1, description="Number of functions of the distance.")
    cutoff: float = Field(default=10.0, gt=0, description="Longer edges are not heard, angstrom.")
    envelope_exponent: int = Field(default=5, ge=1, description="How smoothly edges fade at the cutoff.")
    num_before_skip: int = Field(default=1, ge=0, description="Residual maps before the skip of an interaction.")
    num_after_skip: int = Field(default=2, ge=0, description="Residual maps after it.")
    num_output_layers: int = Field(default=3, ge=0, description="Maps before the last one of each output.")
    activation: Activation = Field(default="swish", description="The activation everywhere.")
    angle: AngleRule = Field(
        default="at_target", description="The angle at i between j and k; along_path: of k -> j against j -> i."
    )
    pool: Pool = Field(default="sum", description="How residues make the protein.")

    @classmethod
    def published(cls) -> "DimeNetConfig":
        """Return the sizes of the published weights."""
        return cls(hidden_dim=512, output_dim=32, num_layers=6)

    def build(self, input_dim: int) -> "DimeNet":
        """Return the encoder for features of this width."""
        return DimeNet(self, input_dim)


def _orthogonal(weight: Tensor) -> None:
    """Fill with orthogonal columns of the variance 2 / (inputs + outputs)."""
    nn.init.orthogonal_(weight)
    with torch.no_grad():
        weight *= (2.0 / (weight.shape[0] + weight.shape[1]) / weight.var(correction=0).clamp_min(1e-12)).sqrt()


def _map(input_dim: int, output_dim: int, bias: bool = True) -> nn.Linear:
    layer = nn.Linear(input_dim, output_dim, bias=bias)
    _orthogonal(layer.weight)
    if bias:
        nn.init.zeros_(layer.bias)
    return layer


class _Embedding(nn.Module):
    """The first states, from both residues and the distance."""

    def __init__(self, config: DimeNetConfig, input_dim: int) -> None:
        super().__init__()
        self.emb = nn.Linear(input_dim, config.hidden_dim)
        self.lin_rbf = nn.Linear(config.num_radial, config.hidden_dim)
        self.lin = nn.Linear(3 * config.hidden_dim, config.hidden_dim)

    def forward(
        self,
        scalar: Float[Tensor, "residue feature"],
        rbf: Float[Tensor, "edge radial"],
        edges: CentredEdges,
        act: _Act,
    ) -> Float[Tensor, "edge hidden"]:
        """Return act(W [x_i, x_j, act(rbf)] + c), with the map split so that residues are mapped once."""
        centre, source, radial = self.lin.weight.chunk(3, dim=1)
        both = linear(self.emb(scalar), torch.cat([centre, source]))
        at_centre, at_source = both.chunk(2, dim=1)
        state = linear(act(self.lin_rbf(rbf)), radial, self.lin.bias)
        return act(state + at_centre.index_select(0, edges.centre) + at_source.index_select(0, edges.source))


def _made_again(function: Callable[..., Tensor], *values: Any) -> Tensor:
    """Return what a cheap function gives; what it makes on the way is not kept, but made again for the gradient."""
    result: Tensor = checkpoint(function, *values, use_reentrant=False, preserve_rng_state=False)
    return result


class _Residual(nn.Module):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.lin1, self.lin2 = _map(dim, dim), _map(dim, dim)

    def maps(self) -> tuple[Tensor, ...]:
        """Return both maps as `updated_state` takes them."""
        return self.lin1.weight, self.lin1.bias, self.lin2.weight, self.lin2.bias


class _Interaction(nn.Module):
    """One update of the edges' states."""

    def __init__(self, config: DimeNetConfig) -> None:
        super().__init__()
        dim, basis = config.hidden_dim, config.basis_dim
        self.lin_rbf1 = _map(config.num_radial, basis, bias=False)
        self.lin_rbf2 = _map(basis, dim, bias=False)
        self.lin_sbf1 = _map(config.num_spherical * config.num_radial, basis, bias=False)
        self.lin_sbf2 = _map(basis, config.triplet_dim, bias=False)
        self.lin_kj, self.lin_ji = _map(dim, dim), _map(dim, dim)
        self.lin_down = _map(dim, config.triplet_dim, bias=False)
        self.lin_up = _map(config.triplet_dim, dim, bias=False)
        self.layers_before_skip = nn.ModuleList(_Residual(dim) for _ in range(config.num_before_skip))
        self.lin = _map(dim, dim)
        self.layers_after_skip = nn.ModuleList(_Residual(dim) for _ in range(config.num_after_skip))

    def forward(
        self,
        state: Float[Tensor, "edge hidden"],
        rbf: Float[Tensor, "edge radial"],
        weights: Float[Tensor, "edge slot basis"],
        paths: Triplets,
        act: _Act,
    ) -> Float[Tensor, "edge hidden"]:
        """Return the new states."""
        sent = act(_made_again(self._down, self.lin_kj(state), rbf, act))
        heard = triplet_sum(sent, weights, self.lin_sbf2.weight, paths)
        before, after = (
            [layer.maps() for layer in layers if isinstance(layer, _Residual)]
            for layers in (self.layers_before_skip, self.layers_after_skip)
        )
        maps = [*before, (self.lin.weight, self.lin.bias), *after]
        return updated_state(self.lin_ji(state), heard, state, self.lin_up.weight, maps, act)

    def _down(self, before: Tensor, rbf: Tensor, act: _Act) -> Tensor:
        # Two maps in a row without anything between them are one.
        gate = linear(rbf, self.lin_rbf2.weight @ self.lin_rbf1.weight)
        return linear(act(before) * gate, self.lin_down.weight)


class _Output(nn.Module):
    """From the states of the edges to their residue."""

    def __init__(self, config: DimeNetConfig) -> None:
        super().__init__()
        dim = config.output_hidden_dim
        self.lin_rbf = _map(config.num_radial, config.hidden_dim, bias=False)
        self.lin_up = _map(config.hidden_dim, dim, bias=False)
        self.lins = nn.ModuleList(_map(dim, dim) for _ in range(config.num_output_layers))
        self.lin = nn.Linear(dim, config.output_dim, bias=False)
        nn.init.zeros_(self.lin.weight)

    def forward(
        self, state: Float[Tensor, "edge hidden"], rbf: Float[Tensor, "edge radial"], edges: CentredEdges, act: _Act
    ) -> Float[Tensor, "residue output"]:
        """Return this output's part of the encoding."""
        total = edges.total(_made_again(self._weighed, state, rbf))
        hidden = self.lin_up(total)
        for layer in self.lins:
            hidden = act(layer(hidden))
        return self.lin(hidden)

    def _weighed(self, state: Tensor, rbf: Tensor) -> Tensor:
        return (linear(rbf, self.lin_rbf.weight) * state).to(state.dtype)


class DimeNet(Encoder):
    """The DimeNet++ encoder (see the module docstring)."""

    symmetry: ClassVar[Symmetry] = "E(3)-invariant"
    config: DimeNetConfig

    def __init__(self, config: DimeNetConfig, input_dim: int) -> None:
        super().__init__()
        self.config = config
        self.output_dim = config.output_dim
        self.rbf = BesselBasis(config.num_radial, config.cutoff, config.envelope_exponent)
        self.emb = _Embedding(config, input_dim)
        self.interaction_blocks = nn.ModuleList(_Interaction(config) for _ in range(config.num_layers))
        self.output_blocks = nn.ModuleList(_Output(config) for _ in range(config.num_layers + 1))

    def forward(self, inputs: FeaturisedBatch) -> Encoding:
        """Return residue and protein encodings."""
        act, weight = ACTIVATIONS[self.config.activation], self.emb.emb.weight
        position = torch.where(inputs.is_resolved[:, None], inputs.position, 0.0)
        edges = edges_within(centred_edges(inputs.graph), self.config.cutoff)
        paths = triplets(edges)
        rbf = self.rbf(edges.distance).to(weight.dtype)
        shares = self._triplet_weights(paths, position).to(compute_dtype(weight)).split(self.config.basis_dim, dim=2)
        state = self.emb(inputs.scalar.to(weight.dtype), rbf, edges, act)
        residue = self.output_blocks[0](state, rbf, edges, act)
        for interaction, output, share in zip(self.interaction_blocks, self.output_blocks[1:], shares, strict=True):
            state = interaction(state, rbf, share, paths, act)
            residue = residue + output(state, rbf, edges, act)
        return Encoding(residue, pool_residues(residue, inputs.residue_ptr, self.config.pool))

    def _triplet_weights(self, paths: Triplets, position: Tensor) -> Float[Tensor, "edge slot basis_of_all"]:
        """Return the weights of the triplets in all interactions, in at least float32."""
        config, weight = self.config, self.emb.emb.weight
        wide = torch.promote_types(weight.dtype, torch.float32)
        sizes = (config.num_spherical, config.num_radial)
        radial = radial_basis(paths.edges.distance.to(wide), config.cutoff, config.envelope_exponent, *sizes)
        angular = angular_basis(cosines(paths, position.to(wide), config.angle), config.num_spherical)
        angular = torch.where(paths.is_triplet[:, :, None], angular, 0.0)
        maps = torch.cat([block.get_parameter("lin_sbf1.weight") for block in self.interaction_blocks])
        return triplet_weights(radial, angular, maps.to(wide), paths)
