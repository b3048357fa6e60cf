"""Language models under published prompts: every case of a golden, one set of prompts each.

A case is told by the name of its output: `none`, or the prompts joined by `_`, with `masked` for the masked tokens and
`learned` for the vectors of `learnable_prompt`. Its prompts are read from the last columns of its token ids, where the
reference keeps them, behind the padding.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch

from protea.benchmark.parity.card import ElementTolerance
from protea.benchmark.parity.comparison import Comparison, Unsupported, compare_elements
from protea.benchmark.parity.golden import Golden
from protea.benchmark.parity.language import packed_rows, tokens_of_sequences, without_padding
from protea.benchmark.parity.published_language_models import golden_language_model, language_model_kind
from protea.encoders.language.model import LanguageModel
from protea.encoders.language.prompt_protein import PROMPT_PROTEIN_PROMPTS, PROMPT_PROTEIN_VOCABULARY
from protea.encoders.language.tokens import TokenBatch
from protea.encoders.prompts import PromptsConfig
from protea.errors import InputError, describe

__all__ = ["compare_prompted_language", "is_prompt_golden"]

_NORMS, _STATES = "_norms", "_prompt_states"
_MASKED, _LEARNED, _NONE = "masked", "learned", "none"
_VECTORS = "learnable_prompt"


@dataclass(frozen=True, eq=False)
class _Case:
    """The tokens of one case without padding, and its prompts in the order of the reference."""

    tokens: TokenBatch
    prompts: tuple[str, ...]


def is_prompt_golden(golden: Golden) -> bool:
    """Return whether a golden holds passes of a language model whose weights gate its layers by prompts."""
    has_passes = "tokens" in golden.input_names() and bool(golden.output_names())
    if not has_passes or not any(key.endswith("layer_gated.weight") for key in golden.weight_names()):
        return False
    return language_model_kind(golden) is not None


def compare_prompted_language(golden: Golden) -> tuple[list[Comparison], dict[str, str]]:
    """Return the comparison of every output, and what was left aside.

    Raises:
        Unsupported: if we do not have the model with the settings of the golden, or know none of its outputs.
        InputError: if inputs contradict each other, or the weights do not fit.
    """
    model = golden_language_model(golden)
    learned = _add_vectors(model, golden)
    bounds = ElementTolerance.of(golden.card)
    comparisons, aside = tokens_of_sequences(golden, model)
    num_spelt = len(comparisons)
    for stem in golden.outputs:
        if stem.endswith((_NORMS, _STATES)):
            continue
        case = _case(golden, stem, learned)
        if case is None:
            aside[stem] = "no tokens of such a case"
            continue
        for name, (found, expected) in _outputs(model, golden.outputs, stem, case).items():
            comparisons.append(
                compare_elements(
                    name, "float32", found, expected, absolute=bounds.absolute, relative=bounds.relative
                )
            )  # fmt: skip
    if len(comparisons) == num_spelt:
        raise Unsupported(f"none of the outputs {sorted(golden.outputs)} is one of this language model")
    known = {comparison.output for comparison in comparisons}
    aside.update({name: "no such case" for name in golden.outputs if name not in known and name not in aside})
    return comparisons, aside


def _add_vectors(model: LanguageModel, golden: Golden) -> tuple[str, ...]:
    """Return the names of further prompts, whose rows are the vectors of the golden."""
    vectors = golden.inputs.get(_VECTORS)
    assert model.prompts is not None
    if vectors is None:
        return ()
    names = tuple(f"{_LEARNED}_{number}" for number in range(len(vectors)))
    model.add_prompts(PromptsConfig(names=(*model.prompts.names, *names), kind=model.prompts.kind))
    with torch.no_grad():
        for name, vector in zip(names, vectors, strict=True):
            model.prompts.row_of(name).copy_(torch.from_numpy(vector))
    return names


def _case(golden: Golden, stem: str, learned: tuple[str, ...]) -> _Case | None:
    words = stem.split("_")
    named = [word for word in words if word not in (_MASKED, _LEARNED, _NONE)]
    wanted = {"tokens", *named, *({_MASKED} & set(words))}
    as_named = "_".join(["tokens", *(word for word in words if word in wanted)])
    same_words = [name for name in golden.inputs if set(name.split("_")) == wanted]
    # The order of the words is the reference's; where two orders stand there, it tells two cases apart.
    chosen = as_named if as_named in same_words else next(iter(same_words), None)
    ids = None if chosen is None else golden.inputs[chosen]
    if ids is None or (_LEARNED in words and not learned):
        return None
    prompts = _prompts_of_columns(ids, golden, stem)
    if sorted(prompts) != sorted(named):
        raise InputError(
            describe("the last columns hold other prompts than the name of the case", where=f"{golden.folder}, {stem}",
                     expected=", ".join(named) or "none", found=", ".join(prompts) or "none")
        )  # fmt: skip
    own = ids[:, : ids.shape[1] - len(prompts)]
    pad = PROMPT_PROTEIN_VOCABULARY.id_of[PROMPT_PROTEIN_VOCABULARY.pad]
    return _Case(packed_rows(own, own != pad, golden), (*prompts, *(learned if _LEARNED in words else ())))


def _prompts_of_columns(ids: np.ndarray, golden: Golden, stem: str) -> tuple[str, ...]:
    """Return the prompts in the last columns, which must be those of every row."""
    first = len(PROMPT_PROTEIN_VOCABULARY)
    num = int((ids[0] >= first).sum())
    columns = ids[:, ids.shape[1] - num :] - first
    is_prompt = (columns >= 0) & (columns < len(PROMPT_PROTEIN_PROMPTS))
    if not is_prompt.all() or (ids >= first).sum() != columns.size or (columns != columns[:1]).any():
        raise InputError(
            describe("prompts that are not the last columns of every row", where=f"{golden.folder}, {stem}",
                     expected=f"ids from {first} to {first + len(PROMPT_PROTEIN_PROMPTS) - 1}", found=str(ids[0][-4:]))
        )  # fmt: skip
    return tuple(PROMPT_PROTEIN_PROMPTS[number] for number in columns[0])


def _outputs(
    model: LanguageModel, outputs: Mapping[str, np.ndarray], stem: str, case: _Case
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return ours and theirs of all outputs of a case."""
    slices = case.tokens.slices()
    with torch.no_grad():
        reading = model(case.tokens, states=range(model.num_layers + 1), prompts=case.prompts)
        states = model.prompt_states(case.prompts)
    last = [reading.last[own].numpy() for own in slices]
    pairs = {stem: without_padding(last, outputs[stem], "t.")}
    if stem + _NORMS in outputs:
        listed = [*(reading.states[number] for number in range(model.num_layers + 1)), reading.last]
        norms = torch.stack([state.norm(dim=1) for state in listed])
        pairs[stem + _NORMS] = without_padding([norms[:, own].numpy() for own in slices], outputs[stem + _NORMS], ".t")
    if stem + _STATES in outputs and states is not None:
        rows = [states.names.index(name) for name in case.prompts]
        found = states.last[rows].numpy()
        expected = outputs[stem + _STATES]
        pairs[stem + _STATES] = np.broadcast_to(found, (len(slices), *found.shape)), expected
    return pairs
