"""Language models from their published weights: every output of every pass of a golden."""

import re

import numpy as np
import torch
from torch import Tensor

from protea.benchmark.parity.card import ElementTolerance
from protea.benchmark.parity.comparison import Comparison, Unsupported, compare_elements
from protea.benchmark.parity.golden import Golden
from protea.benchmark.parity.language_outputs import LanguagePass, output_axes, outputs_of_pass
from protea.benchmark.parity.published_language_models import golden_language_model
from protea.encoders.language.esm_aa import Unzipped
from protea.encoders.language.letters import letter_log_probabilities, replaced_unit
from protea.encoders.language.model import LanguageModel
from protea.encoders.language.tokens import TokenBatch, pack_tokens
from protea.errors import InputError, describe
from protea.protein.alphabets import STANDARD_LETTERS

__all__ = ["compare_language", "is_language_golden", "packed_rows", "tokens_of_sequences", "without_padding"]

_IDS = {"input_ids": "", "input_ids_masked": "masked_", "tokens": "protein_", "tokens_masked": "protein_masked_"}
"""Inputs of whole passes, and how the names of their outputs begin."""
_MIXED = ("mixed_tokens", "mixed_aa_mask", "mixed_distance", "mixed_edge_type")
_SINGLE = "single_last_"
"""The last sequence alone."""


def is_language_golden(golden: Golden) -> bool:
    """Return whether a golden holds passes of a language model: padded token ids, and states of them."""
    stems = {name.removeprefix(prefix) for name in golden.output_names() for prefix in (*_IDS.values(), "mixed_")}
    has_states = bool({"last_hidden_state", "embeddings"} & stems)
    return has_states and bool({"input_ids", "tokens", "mixed_tokens"} & golden.input_names())


def compare_language(golden: Golden) -> tuple[list[Comparison], dict[str, str]]:
    """Return the comparison of every output, and what was left aside.

    Raises:
        Unsupported: if we do not have the model, or not with the settings of the golden.
        InputError: if an input is missing or the weights do not fit.
    """
    model = golden_language_model(golden)
    bounds, passes = ElementTolerance.of(golden.card), _passes(golden, model)
    comparisons, aside = tokens_of_sequences(golden, model)
    wanted: dict[str, list[str]] = {prefix: [] for prefix in passes}
    for name in golden.outputs:
        prefix = max((prefix for prefix in passes if name.startswith(prefix)), key=len, default=None)
        if prefix is not None and output_axes(name.removeprefix(prefix)) is not None:
            wanted[prefix].append(name.removeprefix(prefix))
    pairs = {name: (found, golden.outputs[name]) for name, found in _extra(golden, model).items()}
    for prefix, stems in wanted.items():
        norms = golden.outputs.get(f"{prefix}hidden_state_norms")
        made = outputs_of_pass(model, passes[prefix], stems, 0 if norms is None else norms.shape[1])
        for stem, arrays in made.items():
            axes = output_axes(stem)
            assert axes is not None  # it was wanted
            pairs[prefix + stem] = without_padding(arrays, golden.outputs[prefix + stem], axes)
    for name in golden.outputs:
        if name not in pairs:
            aside[name] = "no such output of this language model"
            continue
        comparisons.append(
            compare_elements(name, "float32", *pairs[name], absolute=bounds.absolute, relative=bounds.relative)
        )
    if not pairs:
        raise Unsupported(f"none of the outputs {sorted(golden.outputs)} is one of this language model")
    return comparisons, aside


def _passes(golden: Golden, model: LanguageModel) -> dict[str, LanguagePass]:
    """Return every pass by what its outputs begin with."""
    inputs, pad = golden.inputs, model.vocabulary.id_of[model.vocabulary.pad]
    ends_before_norm = _ends_before_norm(model)
    passes = {}
    for name, prefix in _IDS.items():
        if name in inputs:
            given = inputs.get("attention_mask") if name.startswith("input_ids") else None
            is_token = inputs[name] != pad if given is None else given.astype(bool)
            tokens = packed_rows(inputs[name], is_token, golden)
            passes[prefix] = LanguagePass(tokens, ends_before_norm=ends_before_norm)
            if prefix in ("", "protein_"):
                last = TokenBatch(tokens.token[tokens.slices()[-1]], tokens.lengths[-1:])
                passes[prefix + _SINGLE] = LanguagePass(last, ends_before_norm=ends_before_norm)
    if set(_MIXED) <= set(inputs):
        passes["mixed_"] = LanguagePass(*_unzipped(golden, pad))
    return passes


def _ends_before_norm(model: LanguageModel) -> bool:
    """Whether the reference calls the state before the last normalisation its last: AMPLIFY alone."""
    return model.vocabulary.name == "amplify"


def packed_rows(ids: np.ndarray, is_token: np.ndarray, golden: Golden) -> TokenBatch:
    """Return rows of token ids without their padding, packed.

    Raises:
        InputError: if there is padding before or between tokens.
    """
    lengths = is_token.sum(1)
    if not np.array_equal(is_token, np.arange(ids.shape[1]) < lengths[:, None]):
        raise InputError(describe("padding before or between tokens", where=str(golden.folder),
                                  expected="padding at the end of each row"))  # fmt: skip
    return pack_tokens(
        [torch.from_numpy(row[:length].astype(np.int64)) for row, length in zip(ids, lengths, strict=True)]
    )


def _unzipped(golden: Golden, pad: int) -> tuple[TokenBatch, Unzipped]:
    ids, is_residue, distance, kind = (golden.inputs[name] for name in _MIXED)
    is_token = ids != pad
    tokens = packed_rows(ids, is_token, golden)
    squares = [
        tuple(torch.from_numpy(value[number, :length, :length]) for number, length in enumerate(tokens.lengths))
        for value in (kind, distance)
    ]
    return tokens, Unzipped(tokens, torch.from_numpy(is_residue[is_token] == 0), squares[0], squares[1])


def without_padding(arrays: list[np.ndarray], like: np.ndarray, axes: str) -> tuple[np.ndarray, np.ndarray]:
    """Return our outputs of all sequences and those of the reference without its padding, one after the other.

    Where a shape differs, that sequence alone is returned, so that the comparison tells it.
    """
    if like.ndim != len(axes) + 1 or len(like) != len(arrays):
        return np.stack(arrays[:1]), like
    pairs = []
    for ours, whole in zip(arrays, like, strict=True):
        own = tuple(slice(None) if axis == "." else slice(size) for axis, size in zip(axes, ours.shape, strict=True))
        theirs = whole[own]
        if theirs.shape != ours.shape:
            return ours, theirs
        pairs.append((ours.ravel(), theirs.ravel()))
    found, expected = (np.concatenate(part) for part in zip(*pairs, strict=True))
    return found, expected


def tokens_of_sequences(golden: Golden, model: LanguageModel) -> tuple[list[Comparison], dict[str, str]]:
    """Return whether our vocabulary reads the sequences of the golden as the reference did, or why nobody can say."""
    inputs, name = golden.inputs, "tokens of the sequences"
    ids = next((inputs[name] for name in ("input_ids", "tokens") if name in inputs), None)
    if ids is None or "sequences" not in inputs or len(ids) != len(inputs["sequences"]):
        return [], {}
    expected = ids.astype(np.int64)
    found = np.full_like(expected, model.vocabulary.id_of[model.vocabulary.pad])
    try:
        for row, sequence in zip(found, inputs["sequences"], strict=True):
            own = model.vocabulary.encode(str(sequence)).numpy()[: len(row)]
            row[: len(own)] = own
    except InputError as error:
        return [], {name: str(error)}
    return [Comparison(name, "exact", float((found != expected).mean()), 0.0)], {}


def _extra(golden: Golden, model: LanguageModel) -> dict[str, np.ndarray]:
    """Return the outputs that are no pass over the token ids: a bias of positions, scores of mutations."""
    found: dict[str, np.ndarray] = {}
    outputs, inputs = golden.outputs, golden.inputs
    if "relative_position_bias" in outputs and model.relative_bias is not None:
        with torch.no_grad():
            found["relative_position_bias"] = model.relative_bias.bias(
                outputs["relative_position_bias"].shape[1]
            ).numpy()
    if "mutation_scores" in outputs and {"mutations", "sequences"} <= set(inputs):
        sequence = str(inputs["sequences"][0])
        scores = [_mutation_score(model, sequence, str(text)) for text in inputs["mutations"]]
        found["mutation_scores"] = np.array(scores, np.float32)
    if "position_probabilities" in outputs and {"position", "sequences"} <= set(inputs):
        position = int(inputs["position"].item())
        table = _hidden_letters(model, str(inputs["sequences"][0]), [position])
        found["position_probabilities"] = table[position].exp().numpy()
    return found


def _mutation_score(model: LanguageModel, sequence: str, text: str) -> float:
    """Return the log-ratio of new to old letters, all of a variant's sites (numbered from 1) hidden in one pass."""
    sites = [re.fullmatch(r"([A-Z])(\d+)([A-Z])", part) for part in text.split(":")]
    if any(site is None for site in sites):
        raise InputError(describe("not a mutation", expected="K8E, or K8E:S20T", found=repr(text)))
    parts = [(site[1], int(site[2]), site[3]) for site in sites if site is not None]
    table = _hidden_letters(model, sequence, [place for _, place, _ in parts])
    letter = STANDARD_LETTERS.index
    return float(sum(float(table[place, letter(new)] - table[place, letter(old)]) for old, place, new in parts))


def _hidden_letters(model: LanguageModel, sequence: str, places: list[int]) -> Tensor:
    """Return log-probabilities of the 20 letters for each token, with residues (from 1) hidden."""
    units = model.vocabulary.split(sequence)
    for place in places:
        units[place - 1] = replaced_unit(model.vocabulary, units[place - 1], None)
    with torch.no_grad():
        logits = model(model.tokens(["".join(units)]), logits=True).logits
    assert logits is not None
    return letter_log_probabilities(model.vocabulary, logits.log_softmax(-1))
