"""Pseudo-perplexity of sequences: exp of the mean of -log p(x_i | the rest), each residue hidden in turn.

It counts the letters that a model is undecided between: 1 where it knows every residue, 20 where it knows nothing of
20 letters. Several models are averaged as log-probabilities. Residues whose letter a model does not score (X, of
`protea_mini`) are not counted in the mean.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool

from protea.encoders.language.asking import TOKENS_PER_PASS
from protea.encoders.language.letter_tables import letter_table, mean_table
from protea.encoders.language.letters import is_scored
from protea.encoders.language.model import LanguageModel
from protea.encoders.language.pseudo_likelihood import pseudo_perplexity
from protea.encoders.language.windows import WHOLE, WindowPolicy
from protea.errors import InputError, describe

__all__ = ["Perplexity", "perplexities"]


class Perplexity(NamedTuple):
    """How likely one sequence is; `window` says how it was read."""

    id: str
    num_residues: int
    num_scored: int
    """Residues whose letter the model scores: those that the next two are of."""
    log_likelihood: float
    """Sum over residues, natural logarithm."""
    perplexity: float
    window: str


def perplexities(
    models: Sequence[LanguageModel],
    sequences: Iterable[tuple[str, str]],
    policy: WindowPolicy = WHOLE,
    tokens_per_pass: int = TOKENS_PER_PASS,
) -> Iterator[Perplexity]:
    """Yield the perplexity of each (id, sequence) in order; a reading per residue.

    Raises:
        InputError: if a sequence is none of the models', too long for them under this policy, or without any letter
            that they score.
        ConfigError: if a model scores no letters.
    """
    for id, sequence in sequences:
        tables = [letter_table(model, sequence, "masked", policy, tokens_per_pass) for model in models]
        own = mean_table(tables).own
        counted = own[_is_scored(models, sequence)]
        if not len(counted):
            raise InputError(
                describe("no residue whose letter the model scores", where=id, expected="standard letters",
                         found=sequence[:30])
            )  # fmt: skip
        words = policy.words(models[0].vocabulary.num_tokens(len(own)))
        yield Perplexity(id, len(own), len(counted), float(np.sum(counted)), pseudo_perplexity(counted), words)


def _is_scored(models: Sequence[LanguageModel], sequence: str) -> Bool[np.ndarray, " residue"]:
    """Return of which residues all models score the letter."""
    found = []
    for model in models:
        assert model.head is not None  # their tables were made
        vocabulary = model.vocabulary
        found.append(is_scored(vocabulary, vocabulary.split(sequence), model.head.num_letters).numpy())
    return np.logical_and.reduce(found)
