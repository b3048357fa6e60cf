"""Variants scored by masked language models that never saw a measurement. Higher is fitter; natural logarithms.

With x the wild type, M the mutated positions, and p(a at i | s) what the model says of position i of a sequence s:

- `wild_type_marginals`: sum over M of log p(new at i | x) - log p(old at i | x); one reading.
- `masked_marginals`: the same with position i alone hidden in x; a reading per residue. This is what most programs,
  ProteinGym's too, call masked marginals.
- `joint_marginals`: the same with all of M hidden together, as Meier et al. (2021) define it; a reading per set of
  positions. For one substitution equal to the one before. On SaProt's tokens it is SaProt's own score.
- `likelihood_ratio`: sum over all residues of log p(x_i | the rest) of the variant minus that of the wild type, each
  residue hidden in turn; a reading per residue of each variant. The only two for insertions, deletions and stops are
  this and `mean_likelihood_ratio`, the same of the mean over residues.

Several models (the seeds of ESM-1v) are averaged without any scaling.
"""

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
from jaxtyping import Float

from protea.applications.variants.likelihood_ratio import likelihood_ratios
from protea.applications.variants.mutations import STOP, Variant, require_wild_type
from protea.encoders.language.asking import TOKENS_PER_PASS
from protea.encoders.language.joint_marginals import joint_marginals
from protea.encoders.language.letter_tables import LetterTable, TableKind, letter_table, mean_table
from protea.encoders.language.letters import replaced_unit, residue_letters
from protea.encoders.language.model import LanguageModel
from protea.encoders.language.pseudo_likelihood import PseudoLikelihood
from protea.encoders.language.vocabulary import Vocabulary
from protea.encoders.language.windows import WindowPolicy
from protea.errors import ConfigError, ContractError, InputError, describe

__all__ = ["METHODS", "Method", "ZeroShotScorer", "mutated_reading"]

Method = Literal[
    "wild_type_marginals", "masked_marginals", "joint_marginals", "likelihood_ratio", "mean_likelihood_ratio"
]
METHODS: tuple[Method, ...] = get_args(Method)

_DEFAULT_WINDOW = 1024
"""Tokens of a window for models without a limit of their own: what ESM models were trained on."""


class ZeroShotScorer:
    """Scores of the variants of wild types; the tables of a wild type are made once and kept.

    Wild types are spelled as the models read them (SaProt: a residue and a structure letter); variants name residues.

    Attributes:
        policy: the windows of sequences that are too long; None for overlapping ones where the sequence is shown and
            centred ones where a residue is hidden, as long as the model allows, or 1,024 tokens.
    """

    def __init__(
        self, models: Sequence[LanguageModel], policy: WindowPolicy | None = None,
        tokens_per_pass: int = TOKENS_PER_PASS,
    ) -> None:  # fmt: skip
        if not models or len({model.vocabulary.name for model in models}) > 1:
            raise ConfigError(describe("models of different vocabularies", expected="one or more of one vocabulary"))
        self.models, self.policy, self.tokens_per_pass = tuple(models), policy, tokens_per_pass
        self._tables: dict[tuple[str, TableKind], LetterTable] = {}

    @property
    def vocabulary(self) -> Vocabulary:
        """What the models read."""
        return self.models[0].vocabulary

    def policy_of(self, method: Method) -> WindowPolicy:
        """Return how long sequences are read under a method."""
        if self.policy is not None:
            return self.policy
        size = min((model.max_tokens or _DEFAULT_WINDOW for model in self.models), default=_DEFAULT_WINDOW)
        kind: Literal["overlapping", "centred"] = "overlapping" if method == "wild_type_marginals" else "centred"
        return WindowPolicy.of_size(kind, size)

    def window_words(self, wild_type: str, method: Method) -> str:
        """Return how a wild type is read under a method, for tables and logs."""
        return self.policy_of(method).words(len(self.vocabulary.encode(wild_type)))

    def table(self, wild_type: str, method: Method) -> LetterTable:
        """Return the table [residue, letter] behind the marginals, or behind the likelihood of the wild type."""
        kind: TableKind = "unmasked" if method == "wild_type_marginals" else "masked"
        key = (wild_type, kind)
        if key not in self._tables:
            policy = self.policy_of(method)
            self._tables[key] = mean_table(
                [letter_table(model, wild_type, kind, policy, self.tokens_per_pass) for model in self.models]
            )
        return self._tables[key]

    def scores(self, wild_type: str, variants: Sequence[Variant], method: Method) -> Float[np.ndarray, " variant"]:
        """Return the score of each variant by one method; 0 for the wild type itself.

        Raises:
            InputError: if a variant is of another wild type, or no substitution and the method scores nothing else.
        """
        letters = residue_letters(self.vocabulary, wild_type)
        for variant in variants:
            require_wild_type(variant, letters)
        if method in ("likelihood_ratio", "mean_likelihood_ratio"):
            return self._ratios(wild_type, variants, per_residue=method == "mean_likelihood_ratio")
        sites = [_sites(variant, letters, method) for variant in variants]
        if method == "joint_marginals":
            return self._joint(wild_type, sites)
        table = self.table(wild_type, method)
        return np.array([sum(table.change(*site) for site in one.items()) for one in sites], dtype=np.float64)

    def _joint(self, wild_type: str, sites: Sequence[dict[int, str]]) -> Float[np.ndarray, " variant"]:
        policy = self.policy_of("joint_marginals")
        found = [joint_marginals(model, wild_type, sites, policy, self.tokens_per_pass) for model in self.models]
        return np.mean(found, axis=0)

    def _ratios(
        self, wild_type: str, variants: Sequence[Variant], *, per_residue: bool
    ) -> Float[np.ndarray, " variant"]:
        policy = self.policy_of("likelihood_ratio")
        sequences = [mutated_reading(self.vocabulary, wild_type, variant) for variant in variants]
        found = [
            likelihood_ratios(
                PseudoLikelihood(model, policy, self.tokens_per_pass), wild_type, sequences, per_residue=per_residue
            )
            for model in self.models
        ]
        return np.mean(found, axis=0)


def mutated_reading(vocabulary: Vocabulary, wild_type: str, variant: Variant) -> str:
    """Return the sequence of a variant as the model reads it; a substitution keeps its structure letter, an inserted
    residue has none.

    Raises:
        InputError: if a stop leaves nothing.
    """
    units = vocabulary.split(wild_type)
    for item in reversed(variant.mutations):
        # A named token stands for a residue whose structure is unknown: that is what an inserted one has.
        old = [*units[item.start : item.stop], *[vocabulary.mask] * len(item.mutant)]
        new = [
            STOP if letter == STOP else replaced_unit(vocabulary, unit, letter)
            for unit, letter in zip(old, item.mutant, strict=False)
        ]
        units[item.start : item.stop] = new
    kept = units[: units.index(STOP)] if STOP in units else units
    if not kept:
        raise InputError(describe("a variant without any residue", expected="at least one before the stop"))
    return "".join(kept)


def _sites(variant: Variant, letters: str, method: Method) -> dict[int, str]:
    """Return the new letter by position."""
    if not variant.is_substitutions:
        raise InputError(
            describe(f"variant {variant.name(letters)} is more than substitutions", where=method,
                     expected="one residue for one", do="Score it by likelihood_ratio or mean_likelihood_ratio.")
        )  # fmt: skip
    sites = {item.start: item.mutant for item in variant.mutations}
    if len(sites) != len(variant):
        raise ContractError(describe("two mutations at one position", where=variant.name(letters)))
    return sites
