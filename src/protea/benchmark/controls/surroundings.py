"""The surroundings of every residue, from which controls compute exposure: CA, direction of the side chain, pairs.

The direction comes from N, CA, C where they are resolved (ideal C-beta), else from the bisector of CA i-1, i, i+1, else
it points away from the residues nearby. No side-chain atom is read: nothing here tells the residue type, and
a CA trace is enough. Axes: residue (packed), pair (both directions). Angstrom.
"""

from dataclasses import dataclass
from functools import cached_property

import torch
from jaxtyping import Bool, Float, Int, Shaped
from torch import Tensor

from protea.features.structure_view import StructureView
from protea.geometry.neighbours import radius_edges
from protea.geometry.vectors import unit_vector
from protea.protein.batch import ProteinBatch

__all__ = ["REACH", "Surroundings"]

REACH = 20.0
"""Largest CA-CA distance of a pair, in angstrom."""
_CB_LENGTH = 2.4
"""CA to the pseudo centre of the side chain, in angstrom: a little beyond C-beta, as in half-sphere exposure."""
_BACKWARD = 0.78
_NEARBY = 12.0


@dataclass(frozen=True, eq=False)
class Surroundings:
    """A batch and its pairs within `REACH`; each view is computed at the first use."""

    batch: ProteinBatch

    @cached_property
    def view(self) -> StructureView:
        """Backbone atoms and links along the chain."""
        return StructureView(self.batch)

    @cached_property
    def _pairs(self) -> tuple[Tensor, Tensor, Tensor]:
        edges = radius_edges(self.ca, self.batch.residue_ptr, REACH, is_valid=self.has_ca)
        return edges.source, edges.target, edges.distance

    @property
    def ca(self) -> Float[Tensor, "residue 3"]:
        """CA positions."""
        return self.view.ca

    @property
    def has_ca(self) -> Bool[Tensor, " residue"]:
        """True where CA is resolved."""
        return self.view.has_ca

    @property
    def source(self) -> Int[Tensor, " pair"]:
        """The residue that is seen."""
        return self._pairs[0]

    @property
    def target(self) -> Int[Tensor, " pair"]:
        """The residue that sees."""
        return self._pairs[1]

    @property
    def ca_distance(self) -> Float[Tensor, " pair"]:
        """CA-CA distance."""
        return self._pairs[2]

    @cached_property
    def direction(self) -> Float[Tensor, "residue 3"]:
        """Unit vector from CA towards the side chain; 0 for a residue that is alone."""
        view = self.view
        n, c = view.n - view.ca, view.c - view.ca
        # C-beta of an L residue lies on the side of N x C; the ratio gives angles N-CA-CB and C-CA-CB of 110 degrees.
        ideal = unit_vector(torch.linalg.cross(n, c)) - _BACKWARD * unit_vector(unit_vector(n) + unit_vector(c))
        before, after = torch.roll(view.ca, 1, 0), torch.roll(view.ca, -1, 0)
        bisector = unit_vector(view.ca - before) + unit_vector(view.ca - after)
        is_inner = view.are_linked(-1, 1) & (bisector.norm(dim=1) > 1e-3)
        is_near = self.ca_distance < _NEARBY
        away = self.mean_offset(is_near)
        has_plane = view.has_n & view.has_ca & view.has_c
        return unit_vector(torch.where(has_plane[:, None], ideal, torch.where(is_inner[:, None], bisector, -away)))

    def mean_offset(self, is_counted: Bool[Tensor, " pair"]) -> Float[Tensor, "residue 3"]:
        """Return the mean of CA j - CA i over the counted pairs of each residue; 0 where there is none."""
        offset = (self.ca[self.source] - self.ca[self.target]) * is_counted[:, None]
        return self.sum(offset) / self.count(is_counted).clamp_min(1)[:, None]

    @cached_property
    def centre(self) -> Float[Tensor, "residue 3"]:
        """Pseudo centre of the side chain."""
        return self.ca + _CB_LENGTH * self.direction

    @cached_property
    def centre_distance(self) -> Float[Tensor, " pair"]:
        """Distance of the side-chain centres."""
        return (self.centre[self.source] - self.centre[self.target]).norm(dim=1)

    @cached_property
    def cosine(self) -> Float[Tensor, " pair"]:
        """Cosine between the side chain of the target and the way to the CA of the source."""
        offset = self.ca[self.source] - self.ca[self.target]
        return (offset * self.direction[self.target]).sum(1) / self.ca_distance.clamp_min(1e-3)

    def sum(self, value: Shaped[Tensor, "pair *channel"]) -> Float[Tensor, "residue *channel"]:
        """Return the sum over the pairs of each residue."""
        total = torch.zeros((self.batch.num_residues, *value.shape[1:]), dtype=torch.float32)
        return total.index_add_(0, self.target, value.float())

    def count(self, is_counted: Bool[Tensor, " pair"]) -> Float[Tensor, " residue"]:
        """Return how many pairs of each residue are counted."""
        return torch.bincount(self.target[is_counted], minlength=self.batch.num_residues).float()
