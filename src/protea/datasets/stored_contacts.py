"""Predicted contacts on disk: the likeliest partners of each residue, in a folder of `protea sequence store-contacts`.

A folder is one of embeddings (`stored_embeddings.py`) whose channels are other numbers: for K partners first K steps
along the sequence (partner minus residue, 0 where there is none), then K probabilities. Resuming, shards, look-up
by id and sequence, and the digest of what made the numbers are those of embeddings. Axes: residue, partner, channel.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float

from protea.datasets.stored_embeddings import StoredEmbeddings, embedding_extra
from protea.errors import ConfigError, describe
from protea.protein.batch import Extra, ProteinBatch

__all__ = ["CONTACT_PARTNER", "CONTACT_PROBABILITY", "LEAST_SEPARATION", "StoredContacts", "contact_columns"]

LEAST_SEPARATION = 6
"""Contact heads are fitted to pairs that lie at least so far apart in the sequence; nearer ones are not stored."""
CONTACT_PARTNER, CONTACT_PROBABILITY = "contacts.partner", "contacts.probability"
"""Extras of a batch [residue, partner]: rows of partners (a residue's own where there is none), and probabilities."""
_NAME = "contacts"


def contact_columns(
    probability: Float[np.ndarray, "residue residue"], num_partners: int
) -> Float[np.ndarray, "residue channel"]:
    """Return what is stored of a map of probabilities; the partners of a residue by falling probability."""
    num = len(probability)
    place = np.arange(num)
    step = place[None] - place[:, None]
    allowed = np.where(np.abs(step) >= LEAST_SEPARATION, probability, -1.0)
    found = np.zeros((num, 2 * num_partners), dtype=np.float32)
    order = np.argsort(-allowed, axis=1, kind="stable")[:, :num_partners]
    kept = order.shape[1]
    likely = np.take_along_axis(allowed, order, axis=1)
    is_pair = likely > 0
    found[:, :kept] = np.where(is_pair, np.take_along_axis(step, order, axis=1), 0)
    found[:, num_partners : num_partners + kept] = np.where(is_pair, likely, 0.0)
    return found


class StoredContacts:
    """The predicted contacts of a folder by protein id, to be joined to batches.

    `made_by`, where given, is the digest that the folder must have: a model never reads the contacts of another
    language model than it was trained with.
    """

    def __init__(self, folder: Path, num_partners: int, made_by: str | None = None) -> None:
        self.num_partners = num_partners
        self.stored = StoredEmbeddings(folder, _NAME, 2 * num_partners, made_by)

    @property
    def made_by(self) -> str:
        """Digest of weights, contact head and settings; raise ConfigError where the folder holds no contacts."""
        identity: dict[str, Any] = self.stored.found.manifest["identity"]
        kind = identity.get("stored_as", "float32")
        if identity.get("num_contact_partners") != self.num_partners or kind != "float32":
            raise ConfigError(
                describe("no predicted contacts", where=str(self.stored.folder),
                         expected=f"{self.num_partners} partners of each residue, in float32",
                         found=f"{identity.get('num_contact_partners', 'states')}, {kind}",
                         do=f"Write them with `protea sequence store-contacts --partners {self.num_partners}`.")
            )  # fmt: skip
        return self.stored.found.made_by

    def require(self, ids: Sequence[str], lengths: Sequence[int]) -> None:
        """Raise InputError, naming proteins, where the folder lacks one or holds it with other lengths only."""
        _ = self.made_by
        self.stored.require(ids, lengths)

    def join(self, batch: ProteinBatch) -> ProteinBatch:
        """Return the batch with the partners of each residue and their probabilities.

        Raises:
            InputError: if a protein has no contacts, or those of another length or sequence.
            ConfigError: if the folder holds something else, or another model made it.
        """
        _ = self.made_by
        value = self.stored.join(batch).extra[embedding_extra(_NAME)].value
        step, probability = value.split(self.num_partners, dim=1)
        row = torch.arange(batch.num_residues, device=batch.device)[:, None]
        partner = row + step.round().long()
        return batch.with_extra(
            **{
                CONTACT_PARTNER: Extra("residue", partner, points_into="residue"),
                CONTACT_PROBABILITY: Extra("residue", probability.contiguous()),
            }
        )
