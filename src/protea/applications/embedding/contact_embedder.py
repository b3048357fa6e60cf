"""A language model that writes the likeliest contacts of each residue in place of its states.

Chains are read one by one and whole: contacts are not cut into windows, and none is predicted between chains.
"""

import hashlib
import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch

from protea.applications.embedding.embedder import Embedded, Embedder, Unit, stored_letters
from protea.datasets.stored_contacts import contact_columns
from protea.encoders.language.model import LanguageModel
from protea.errors import ConfigError, InputError, describe
from protea.protein.record import Protein

__all__ = ["ContactEmbedder", "contact_embedder"]

_LAYER = "last"


class ContactEmbedder(Embedder):
    """A language model with a contact head, and how many partners of each residue are kept."""

    def __init__(
        self, model: LanguageModel, num_partners: int, identity: dict[str, Any], about: dict[str, Any]
    ) -> None:
        if model.contact_head is None:
            raise ConfigError(
                describe("the model predicts no contacts", where=model.vocabulary.name,
                         do="Fit a head on structures (`protea sequence fit-contacts`), and give it by --contact-head.")
            )  # fmt: skip
        self.model, self.num_partners = model.eval(), num_partners
        self._identity = {**identity, "num_contact_partners": num_partners}
        self._about = {**about, "channels": "steps to the likeliest contacts of a residue, then their probabilities"}

    @property
    def layers(self) -> tuple[str, ...]:
        """One, that of the head."""
        return (_LAYER,)

    @property
    def width(self) -> int:
        """A step and a probability per partner."""
        return 2 * self.num_partners

    @property
    def identity(self) -> dict[str, Any]:
        """Digests of weights, head and settings, and the number of partners."""
        return self._identity

    @property
    def about(self) -> dict[str, Any]:
        """The name of the model, and what the channels are."""
        return self._about

    def to(self, device: torch.device | str) -> "ContactEmbedder":
        """Return the embedder after its model was moved to a device."""
        self.model.to(device)
        return self

    def unit(self, protein: Protein) -> Unit:
        """Return a protein cut into its chains.

        Raises:
            InputError: a letter that the model does not know, or a chain that is longer than it reads at once.
        """
        if self.model.vocabulary.letters_per_residue != 1:
            raise InputError("contacts of models that read structure letters are not stored")
        bounds = [0, *(np.flatnonzero(np.diff(protein.chain_of)) + 1).tolist(), len(protein)]
        chains = [protein.sequence[first:last] for first, last in pairwise(bounds)]
        lengths = [len(self.model.vocabulary.encode(chain)) for chain in chains]
        most = self.model.max_tokens
        if most is not None and max(lengths) > most:
            raise InputError(
                describe("a chain is longer than the model reads at once", expected=f"at most {most} tokens",
                         found=str(max(lengths)), do="Cut it into domains, or take a model with rotary positions.")
            )  # fmt: skip
        return Unit(protein.id, stored_letters(protein.sequence), sum(lengths), chains)

    def embedded(self, units: Sequence[Unit], pass_size: int) -> list[Embedded]:
        """Return the contacts of units; every chain is a pass of its own, since its maps grow with its square."""
        return [self._of_chains(unit.content) for unit in units]

    @torch.no_grad()
    def _of_chains(self, chains: Sequence[str]) -> Embedded:
        parts = []
        for chain in chains:
            contacts = self.model(self.model.tokens([chain]), contacts=True).contacts
            assert contacts is not None
            parts.append(contact_columns(contacts[0].float().cpu().numpy(), self.num_partners))
        rows = np.concatenate(parts)
        # A mean over steps says nothing; folders of residues alone do not hold it.
        return Embedded({_LAYER: rows}, {_LAYER: rows.mean(axis=0)})


def contact_embedder(
    model: LanguageModel, digests: Sequence[str], settings: dict[str, Any], name: str, num_partners: int,
    head: Path | None = None,
) -> ContactEmbedder:  # fmt: skip
    """Return an embedder whose identity knows the files of the weights, the settings and another contact head's file.

    Args:
        model: the model, its contact head set.
        digests: SHA-256 of the files of its weights.
        settings: its configuration as JSON.
        name: what a reader calls it.
        num_partners: partners of each residue.
        head: the file that the contact head is from, where it is not the model's own.

    Raises:
        ConfigError: the model has no contact head.
    """
    text = json.dumps(settings, sort_keys=True)
    joined = digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
    identity = {"weights_sha256": joined, "config_sha256": hashlib.sha256(text.encode()).hexdigest()}
    if head is not None:
        identity["contact_head_sha256"] = hashlib.sha256(head.read_bytes()).hexdigest()
    return ContactEmbedder(model, num_partners, identity, {"encoder": name, "settings": settings})
