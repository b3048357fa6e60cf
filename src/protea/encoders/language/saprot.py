"""SaProt (Su et al. 2024): ESM-2 over pairs of a residue and the letter of its structure (3Di).

A residue is two characters, `Mp`; `#` stands for a hidden residue, and for a structure that is unknown or uncertain.
Weights come under the names of ESM-2.
"""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from protea.encoders.language.esm2 import esm2_model
from protea.encoders.language.esm_names import FAIR_NAMES, HUB_NAMES
from protea.encoders.language.interface import LanguageModelConfig
from protea.encoders.language.letters import HIDDEN_LETTER
from protea.encoders.language.model import LanguageModel
from protea.encoders.language.names import PublishedNames
from protea.encoders.language.sizes import published_size
from protea.encoders.language.vocabulary import Vocabulary
from protea.errors import InputError, describe
from protea.protein.alphabets import STANDARD_LETTERS

__all__ = [
    "CONFIDENT_PLDDT",
    "SAPROT_VOCABULARY",
    "STRUCTURE_LETTERS",
    "SaProtConfig",
    "joined_with_structure",
]

STRUCTURE_LETTERS = "pynwrqhgdlvtmfsaeikc"
CONFIDENT_PLDDT = 70.0

_SPECIAL = ("<cls>", "<pad>", "<eos>", "<unk>", "<mask>")
SAPROT_VOCABULARY = Vocabulary(
    name="saprot",
    tokens=(
        *_SPECIAL,
        *(
            residue + structure
            for residue in STANDARD_LETTERS + HIDDEN_LETTER
            for structure in STRUCTURE_LETTERS + HIDDEN_LETTER
        ),
    ),
    unknown="<unk>", mask="<mask>", pad="<pad>", first="<cls>", last="<eos>", letters_per_residue=2,
)  # fmt: skip
"""446 tokens: five special ones, then 21 residues times 21 structures, structures fastest."""

_SIZES = {"35M": (12, 480, 20), "650M": (33, 1280, 20)}


class SaProtConfig(LanguageModelConfig):
    """SaProt; the defaults are the smallest published size."""

    names: ClassVar[tuple[PublishedNames, ...]] = (HUB_NAMES, FAIR_NAMES)

    kind: Literal["saprot"] = "saprot"
    num_layers: int = Field(default=12, ge=1, description="Number of blocks.")
    width: int = Field(default=480, ge=1, description="Width of the states.")
    num_heads: int = Field(default=20, ge=1, description="Attention heads; they divide the width.")
    hidden_dim: int | None = Field(default=None, ge=1, description="Width of the feed-forward; four times, if none.")
    token_dropout: bool = Field(default=True, description="Masked embeddings are zero and the others scaled.")
    has_contact_head: bool = Field(default=True, description="Contacts are predicted from attention.")
    norm_eps: float = Field(default=1e-5, gt=0, description="Added to the variance before its root.")

    @classmethod
    def sized(cls, size: str) -> "SaProtConfig":
        """Return a published size: 35M, 650M."""
        layers, width, heads = published_size("saprot", _SIZES, size)
        return cls(num_layers=layers, width=width, num_heads=heads)

    def build(self) -> LanguageModel:
        """Return the model with random weights."""
        return esm2_model(
            SAPROT_VOCABULARY, self.num_layers, self.width, self.num_heads, has_token_dropout=self.token_dropout,
            has_contact_head=self.has_contact_head, hidden_dim=self.hidden_dim, norm_eps=self.norm_eps,
        )  # fmt: skip


def joined_with_structure(sequence: str, structure: str | None, plddt: Sequence[float] | None = None) -> str:
    """Return a sequence and its structure letters as SaProt reads them, two characters per residue.

    Residues that are none of the 20 become `#`, as do structure letters where pLDDT (0 to 100) is below 70, and all of
    them without a structure.

    Raises:
        InputError: if lengths differ, a residue is no capital letter, or a structure letter is none of 3Di.
    """
    structure = HIDDEN_LETTER * len(sequence) if structure is None else structure.lower()
    confidence = [CONFIDENT_PLDDT] * len(sequence) if plddt is None else plddt
    if not len(sequence) == len(structure) == len(confidence):
        raise InputError(
            describe("residues, structure letters and pLDDT differ in number", where="SaProt",
                     expected=f"{len(sequence)} of each", found=f"{len(structure)} and {len(confidence)}")
        )  # fmt: skip
    return "".join(
        _residue(letter, place) + (_structure(shape, place) if sure >= CONFIDENT_PLDDT else HIDDEN_LETTER)
        for place, (letter, shape, sure) in enumerate(zip(sequence, structure, confidence, strict=True))
    )


def _residue(letter: str, place: int) -> str:
    if not ("A" <= letter <= "Z" or letter == HIDDEN_LETTER):
        raise InputError(
            describe("not a residue", where=f"residue {place + 1}, SaProt", expected="capital letters",
                     found=repr(letter))
        )  # fmt: skip
    return letter if letter in STANDARD_LETTERS else HIDDEN_LETTER


def _structure(letter: str, place: int) -> str:
    if letter not in STRUCTURE_LETTERS + HIDDEN_LETTER:
        raise InputError(
            describe("not a structure letter", where=f"residue {place + 1}, SaProt",
                     expected=f"one of {STRUCTURE_LETTERS}, or {HIDDEN_LETTER}", found=repr(letter))
        )  # fmt: skip
    return letter
