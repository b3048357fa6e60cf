"""Contacts that a language model predicts, as edges: a graph for proteins without structure."""

from pathlib import Path
from typing import Literal

import torch
from jaxtyping import Bool, Float, Int
from pydantic import Field
from torch import Tensor

from protea.config import Config
from protea.datasets.stored_contacts import CONTACT_PARTNER, CONTACT_PROBABILITY, LEAST_SEPARATION, StoredContacts
from protea.errors import ContractError, describe
from protea.features.edges.joined import each_edge_once
from protea.features.edges.sequential import sequence_edges
from protea.features.interface import RelationEdges
from protea.geometry.neighbours import SegmentedEdges
from protea.geometry.segments import ptr_from_lengths
from protea.protein.batch import ProteinBatch

__all__ = ["ContactsConfig", "PredictedContacts"]


class ContactsConfig(Config):
    """A folder of predicted contacts (written by `protea sequence store-contacts`) that travels with every batch."""

    folder: Path = Field(description="folder of contacts, with those of every protein that the model will read")
    num_partners: int = Field(default=24, ge=1, description="partners of each residue; those of the folder")
    made_by: str | None = Field(
        default=None, description="digest of the weights and settings that made them; training fills it in"
    )

    def open(self) -> StoredContacts:
        """Return the reader of the folder, which is opened at the first use."""
        return StoredContacts(self.folder, self.num_partners, self.made_by)


class PredictedContacts(Config):
    """Predicted contacts in both directions, and neighbours in sequence; no position is read and no distance known.

    The scheme's `contacts` name the folder. Every residue takes part, resolved or not. A distance is 0 for all edges.
    """

    kind: Literal["predicted_contacts"] = "predicted_contacts"
    least_probability: float = Field(default=0.3, ge=0, le=1, description="a contact is at least so likely")
    most_per_residue: float | None = Field(
        default=1.5, gt=0, description="keep so many contacts for each residue of the protein, the likeliest; none: all"
    )
    min_separation: int = Field(
        default=LEAST_SEPARATION, ge=LEAST_SEPARATION, description="least |target - source| of a contact, in residues"
    )
    sequential_offsets: tuple[int, ...] = Field(
        default=(-2, -1, 1, 2), description="neighbours in sequence beside the contacts, inside a chain; 0: self loop"
    )
    is_typed: bool = Field(
        default=False, description="true: a relation for each offset, then the contacts, for encoders that tell types "
        "apart; false: each edge once",
    )  # fmt: skip

    def build(
        self,
        position: Float[Tensor, "residue 3"],
        is_resolved: Bool[Tensor, " residue"],
        residue_ptr: Int[Tensor, " protein_plus_1"],
        chain_of: Int[Tensor, " residue"],
        residue_of: Int[Tensor, " residue"] | None = None,
    ) -> RelationEdges:
        """Raise ContractError: positions do not tell what was predicted; `of_batch` makes the graph."""
        raise ContractError(
            describe("predicted contacts are not made of positions", expected="a batch that carries contacts",
                     do="Give the scheme `contacts`, and one node per residue (representation: ca).")
        )  # fmt: skip

    def of_batch(self, batch: ProteinBatch) -> RelationEdges | SegmentedEdges:
        """Return the graph of a batch that carries contacts.

        Raises:
            ContractError: if it carries none, as after an objective cut it into crops.
        """
        if CONTACT_PARTNER not in batch.extra:
            raise ContractError(
                describe("the batch carries no predicted contacts", where=f"batch of {', '.join(batch.ids[:3])}",
                         expected="the contacts of each protein",
                         do="Give the scheme `contacts` (`protea sequence store-contacts`). Crops have none.")
            )  # fmt: skip
        ca = torch.zeros((batch.num_residues, 3), dtype=batch.atom_position.dtype, device=batch.device)
        everywhere = torch.ones(batch.num_residues, dtype=torch.bool, device=batch.device)
        place = (ca, everywhere, batch.residue_ptr, batch.chain_of)
        relations = [sequence_edges(*place, (offset,)) for offset in self.sequential_offsets]
        relations.append(self._contacts(batch, ca))
        if not self.is_typed:
            return each_edge_once(tuple(relations))
        names = *(f"offset {offset:+d}" for offset in self.sequential_offsets), "predicted contact"
        return RelationEdges(names, tuple(relations))

    def _contacts(self, batch: ProteinBatch, like: Tensor) -> SegmentedEdges:
        partner, probability = batch.extra[CONTACT_PARTNER].value, batch.extra[CONTACT_PROBABILITY].value
        row = torch.arange(len(partner), device=partner.device)[:, None].expand_as(partner)
        is_wanted = (probability >= self.least_probability) & ((partner - row).abs() >= self.min_separation)
        first, second = torch.minimum(row, partner)[is_wanted], torch.maximum(row, partner)[is_wanted]
        # A pair stands twice where each is among the likeliest partners of the other.
        pair, place = (first * len(partner) + second).unique(return_inverse=True)
        likely = probability.new_zeros(len(pair)).scatter_reduce(0, place, probability[is_wanted], "amax")
        first, second = pair // max(len(partner), 1), pair % max(len(partner), 1)
        is_kept = self._among_the_likeliest(likely, batch.protein_of()[first], batch.lengths())
        first, second = first[is_kept], second[is_kept]
        source, target = torch.cat([first, second]), torch.cat([second, first])
        order = torch.argsort(target * len(partner) + source)
        source, target = source[order], target[order]
        ptr = ptr_from_lengths(torch.bincount(target, minlength=len(partner)))
        return SegmentedEdges(ptr, source, target, like.new_zeros(len(source)))

    def _among_the_likeliest(
        self, likely: Float[Tensor, " pair"], protein: Int[Tensor, " pair"], length: Int[Tensor, " protein"]
    ) -> Bool[Tensor, " pair"]:
        """Return which pairs are among the share of their protein; of equals those that come first."""
        if self.most_per_residue is None:
            return torch.ones_like(likely, dtype=torch.bool)
        order = torch.argsort(likely, descending=True, stable=True)
        order = order[torch.argsort(protein[order], stable=True)]
        start = ptr_from_lengths(torch.bincount(protein, minlength=len(length)))[:-1]
        rank = torch.empty_like(order)
        rank[order] = torch.arange(len(order), device=order.device) - start[protein[order]]
        return rank < (self.most_per_residue * length[protein]).round()
