"""Residues at protein interfaces: the chains of MaSIF-site (Gainza et al. 2020)."""

from collections.abc import Iterable
from typing import Literal

import numpy as np
from pydantic import Field

from protea.datasets.labels import LabelTable
from protea.datasets.sources.contact_labels import interface_residues
from protea.datasets.sources.published.archives import lines_of
from protea.datasets.sources.published.interface import ListedChain, PublishedConfig
from protea.datasets.sources.published.structures import StructureFolder
from protea.datasets.splits import Split, random_split
from protea.errors import FileFormatError, InputError, describe
from protea.protein.record import Label, Protein

__all__ = ["MasifSiteConfig"]


class MasifSiteConfig(PublishedConfig):
    """Chains (one or several, such as `1a0g_AB`) with the residue label `interface`: within `cutoff` of another chain.

    The published lists have no validation part: a share of the training chains, drawn by `seed`, becomes it.
    """

    kind: Literal["masif_site"] = "masif_site"
    cutoff: float = Field(default=3.5, gt=0, description="Largest distance between heavy atoms of two chains, angstrom")
    validation_share: float = Field(default=0.1, gt=0, lt=1, description="Share of training chains for validation")
    seed: int = Field(default=0, ge=0, description="Seed of that draw")

    def address_sets(self) -> tuple[str, ...]:
        """Return the row of the address table."""
        return ("masif_site",)

    def settings(self) -> str:
        """Return the settings that shape the records: none; they shape labels and split only."""
        return ""

    def listing(self) -> tuple[ListedChain, ...]:
        """Return the chains of both lists; `1A0G_AB` names two chains, a third field is a partner and left aside."""
        found = []
        for name, part in (("training.txt", "train"), ("testing.txt", "test")):
            path = self.place(name)
            for line in lines_of(path):
                entry, *groups = line.split("_")
                if len(entry) != 4 or not groups or not groups[0].isalnum():
                    raise FileFormatError(
                        describe(
                            "not a chain", where=str(path), expected="entry and chains, such as 1A0G_AB", found=line
                        )
                    )
                chains = tuple(dict.fromkeys(groups[0]))
                found.append(ListedChain(f"{entry.lower()}_{groups[0]}", entry.lower(), chains, part))
        return tuple(found)

    def split(self) -> Split:
        """Return the published test, and train and validation drawn from the published training list."""
        published = super().split()
        drawn = random_split(
            published.train, fractions=(1 - self.validation_share, self.validation_share, 0.0), seed=self.seed
        )
        provenance = {"method": "published test; validation drawn", "seed": self.seed}
        return Split("masif_site", drawn.train, drawn.validation, published.test, provenance)

    def labels(self, proteins: Iterable[Protein]) -> tuple[LabelTable, ...]:
        """Return the label of each record, computed in its whole entry; unknown where no other chain is there."""
        chains_of = {chain.id: chain for chain in self.listing()}
        structures = StructureFolder(self.folder, self.origin())
        value = {}
        for protein in proteins:
            listed = chains_of.get(protein.id)
            if listed is None or listed.chains is None:
                continue
            entry = structures.read(listed.key)
            others = tuple(name for name in entry.chain_ids if name not in listed.chains)
            touches, known = np.zeros(len(protein), bool), bool(others)
            if known:
                touches = interface_residues(
                    entry.select_chains(listed.chains), entry.select_chains(others), self.cutoff
                )
            if len(touches) != len(protein):
                raise InputError(
                    describe("the record is not the chain of this entry", where=protein.id, expected=str(len(touches)),
                             found=str(len(protein)), do="Build the store again.")
                )  # fmt: skip
            value[protein.id] = Label("residue", touches.astype(np.uint8), np.full(len(protein), known))
        return (LabelTable("interface", "residue", value),)
