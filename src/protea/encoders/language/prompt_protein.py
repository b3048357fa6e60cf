"""PromptProtein (Wang et al. 2023): ESM-1b with three gated prompts, `seq`, `ppi` and `crd` (CA coordinates).

Published as 36 tokens: the 33 of ESM-1b and the prompts, whose rows are prompts here; a sequence cannot spell one. The
model gives states and no scores of letters. With none of its prompts on it is ESM-1b, with the first state normalised.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Literal

from pydantic import Field
from torch import Tensor

from protea.encoders.language.esm1_blocks import ESM1BlocksConfig
from protea.encoders.language.esm2 import ESM2_VOCABULARY
from protea.encoders.language.esm_names import FAIR_NAMES
from protea.encoders.language.model import LanguageModel
from protea.encoders.language.names import PublishedNames, Rule
from protea.encoders.prompts import PromptsConfig

__all__ = ["PROMPT_PROTEIN_PROMPTS", "PROMPT_PROTEIN_VOCABULARY", "PromptProteinConfig"]

PROMPT_PROTEIN_VOCABULARY = replace(ESM2_VOCABULARY, name="prompt_protein")
"""The 33 tokens of a sequence; the prompts follow them in the published table."""
PROMPT_PROTEIN_PROMPTS = ("seq", "ppi", "crd")
"""Masked residues, interactions, coordinates: what each was trained with, in the order of the published table."""

_TABLE = "embedding.token.weight"
_NAMES = PublishedNames(
    "PromptProtein",
    (
        Rule(r"layers\.(\d+)\.layer_gated\.weight", r"prompts.gate.\1", is_flat=True),
        *(rule for rule in FAIR_NAMES.rules if "head" not in rule.pattern and "rot_emb" not in rule.pattern),
        Rule(r"embed_tokens\.weight", _TABLE),
    ),
)


class PromptProteinConfig(ESM1BlocksConfig):
    """PromptProtein; the defaults are the published size."""

    names: ClassVar[tuple[PublishedNames, ...]] = (_NAMES,)
    prompt_names: ClassVar[tuple[str, ...]] = PROMPT_PROTEIN_PROMPTS

    kind: Literal["prompt_protein"] = "prompt_protein"
    token_dropout: bool = Field(
        default=True, description="Masked embeddings are zero and the others scaled, while no prompt is on."
    )
    has_first_norm: bool = Field(default=True, description="The first state is normalised.")

    def build(self) -> LanguageModel:
        """Return the model with random weights and no prompt on."""
        embedding, blocks = self.blocks(PROMPT_PROTEIN_VOCABULARY, has_norm=self.has_first_norm)
        model = LanguageModel(PROMPT_PROTEIN_VOCABULARY, embedding, blocks)
        model.add_prompts(PromptsConfig(names=self.prompt_names, kind="gated"))
        return model

    def under_our_names(self, tensors: Mapping[str, Tensor], where: str) -> dict[str, Tensor]:
        """Return published tensors under our names; the last rows of the table are prompts.

        Raises:
            InputError: if a key is unknown, or a part of a tensor is missing.
        """
        found = super().under_our_names(tensors, where)
        num_tokens = len(PROMPT_PROTEIN_VOCABULARY)
        table = found.get(_TABLE)
        if table is None or table.ndim != 2 or len(table) != num_tokens + len(PROMPT_PROTEIN_PROMPTS):
            return found  # whoever loads it tells the wrong shape
        rows = {f"prompts.row.<{name}>": table[num_tokens + at] for at, name in enumerate(PROMPT_PROTEIN_PROMPTS)}
        return {**found, _TABLE: table[:num_tokens], **rows}
