"""Scores of variants by a language model: its tables, marginals in both definitions, pseudo-log-likelihoods."""

import re

import numpy as np
import torch

from protea.benchmark.parity.card import ElementTolerance, SumTolerance
from protea.benchmark.parity.comparison import Comparison, Unsupported, compare_elements
from protea.benchmark.parity.golden import Golden
from protea.benchmark.parity.published_language_models import golden_language_model
from protea.encoders.language.asking import Question, answers
from protea.encoders.language.joint_marginals import joint_marginals
from protea.encoders.language.letter_tables import LetterTable, letter_table
from protea.encoders.language.model import LanguageModel
from protea.encoders.language.pseudo_likelihood import pseudo_perplexity
from protea.errors import InputError, describe
from protea.protein.alphabets import STANDARD_LETTERS

__all__ = ["compare_variant_scores", "is_variant_golden"]

_SUMS = frozenset({"pll_mutant", "pll_wildtype", "pppl_example"})
"""Outputs that are sums over a whole sequence, with a bound of their own."""


def is_variant_golden(golden: Golden) -> bool:
    """Return whether a golden holds scores of the mutations of one sequence."""
    asked = {"wt_marginals", "masked_marginals", "masked_marginals_joint", "pll_mutant"}
    return {"sequence", "mutations"} <= golden.input_names() and bool(asked & golden.output_names())


def compare_variant_scores(golden: Golden) -> tuple[list[Comparison], dict[str, str]]:
    """Return the comparison of every output, and what was left aside.

    Raises:
        Unsupported: if we do not have the model, or none of the outputs is a score of variants.
        InputError: if the weights do not fit, or a mutation is none of the sequence.
    """
    model = golden_language_model(golden)
    sequence = str(golden.inputs["sequence"])
    first_number = int(golden.inputs["offset_idx"]) if "offset_idx" in golden.inputs else 1
    sites = [_sites(str(text), sequence, first_number) for text in golden.inputs["mutations"]]
    found = _scores(model, sequence, sites, golden.output_names())
    elements, sums = ElementTolerance.of(golden.card), SumTolerance.of(golden.card)
    comparisons, aside = [], {}
    for name, expected in golden.outputs.items():
        if name not in found:
            aside[name] = "no such score of variants"
            continue
        absolute = sums.absolute if name in _SUMS else elements.absolute
        note = "what the published script computes: off by one" if name == "pppl_example" else ""
        comparisons.append(
            compare_elements(
                name, "float32", found[name], expected, absolute=absolute, relative=elements.relative, note=note
            )
        )
    if not comparisons:
        raise Unsupported(f"none of the outputs {sorted(golden.outputs)} is a score of variants")
    return comparisons, aside


def _scores(
    model: LanguageModel, sequence: str, sites: list[dict[int, str]], wanted: frozenset[str] | set[str]
) -> dict[str, np.ndarray]:
    """Return every score that is wanted and known."""
    shown, hidden = (letter_table(model, sequence, kind) for kind in ("unmasked", "masked"))
    found = {
        "wt_marginals": _sums(shown, sites),
        "masked_marginals": _sums(hidden, sites),
        "masked_marginals_joint": joint_marginals(model, sequence, sites),
        "pll_wildtype": np.array([hidden.own.sum()]),
        "pseudo_perplexity_wildtype": np.array([pseudo_perplexity(hidden.own)]),
    }
    if "wt_log_probs" in wanted:
        found["wt_log_probs"] = _token_table(model, sequence, is_hidden=False)
    if "masked_log_probs" in wanted:
        found["masked_log_probs"] = _token_table(model, sequence, is_hidden=True)
    if {"pll_mutant", "pseudo_perplexity_mutant"} & wanted:
        mutated = [_mutated(sequence, site) for site in sites]
        tables = [letter_table(model, one, "masked") for one in mutated]
        found["pll_mutant"] = np.array([table.own.sum() for table in tables])
        found["pseudo_perplexity_mutant"] = np.array([pseudo_perplexity(table.own) for table in tables])
    if "pppl_example" in wanted:
        found["pppl_example"] = np.array([_off_by_one(model, _mutated(sequence, site)) for site in sites])
    return found


def _sums(table: LetterTable, sites: list[dict[int, str]]) -> np.ndarray:
    return np.array([sum(table.change(*site) for site in one.items()) for one in sites])


def _token_table(model: LanguageModel, sequence: str, *, is_hidden: bool) -> np.ndarray:
    """Return log-probabilities of all tokens at all places, special ones too, each hidden in turn or none."""
    token = model.vocabulary.encode(sequence)
    places = range(len(token))
    if not is_hidden:
        return torch.cat(list(answers(model, [Question(token, tuple(places))]))).numpy()
    questions = []
    for place in places:
        one = token.clone()
        one[place] = model.vocabulary.mask_id
        questions.append(Question(one, (place,)))
    return torch.cat(list(answers(model, questions))).numpy()


def _off_by_one(model: LanguageModel, sequence: str) -> float:
    """Return what the published script sums: token i hidden, which is residue i - 1, and residue i looked up there."""
    token = model.vocabulary.encode(sequence)
    table = _token_table(model, sequence, is_hidden=True)
    residue = token[model.vocabulary.num_before :]
    return float(sum(table[place, residue[place]] for place in range(1, len(sequence) - 1)))


def _mutated(sequence: str, site: dict[int, str]) -> str:
    return "".join(site.get(place, letter) for place, letter in enumerate(sequence))


def _sites(text: str, sequence: str, first_number: int) -> dict[int, str]:
    """Return new letters by position, from 0, of `K6A` or `K6A:T7P`."""
    found: dict[int, str] = {}
    for part in text.split(":"):
        match = re.fullmatch(rf"([A-Z])(-?\d+)([{STANDARD_LETTERS}])", part)
        place = int(match[2]) - first_number if match is not None else -1
        if match is None or not 0 <= place < len(sequence) or sequence[place] != match[1]:
            raise InputError(
                describe("no mutation of the sequence", where="mutations", expected="K6A, or K6A:T7P",
                         found=repr(text))
            )  # fmt: skip
        found[place] = match[3]
    return found
