"""What one pass of a language model gives, by the names that goldens use, for each sequence without padding."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor

from protea.encoders.language.esm_aa import AtomReading, Unzipped, read_unzipped
from protea.encoders.language.model import LanguageModel, Reading
from protea.encoders.language.tokens import TokenBatch

__all__ = ["OUTPUT_AXES", "LanguagePass", "output_axes", "outputs_of_pass"]

OUTPUT_AXES: Mapping[str, str] = {
    "logits": "t.", "last_hidden_state": "t.", "hidden_state": "t.",
    "embeddings": "t.", "hidden_states_first": "t.", "hidden_state_1": "t.",
    "hidden_state_norms": ".t", "attention_layer1": ".tt", "attention_mean_per_head": "..", "contacts": "rr",
    "mean_residue_embedding": ".", "pair_rep": "tt.", "dist_head": "tt",
}  # fmt: skip
"""The axes of each output of one sequence: t tokens, r residues (both padded in a golden), . whole."""
_NUMBERED = re.compile(r"(hidden_state_|attention_layer)(\d+)")
"""`hidden_state_1` is the state after the first block, `attention_layer1` what the second block attends to."""


@dataclass(frozen=True, eq=False)
class LanguagePass:
    """One run of the reference: packed tokens, perhaps with the atoms of residues.

    `ends_before_norm` says that what the reference calls its last state comes before the last normalisation.
    """

    tokens: TokenBatch
    unzipped: Unzipped | None = None
    ends_before_norm: bool = False


def output_axes(name: str) -> str | None:
    """Return the axes of an output, as in `OUTPUT_AXES`, or None where no output has this name."""
    numbered = _NUMBERED.fullmatch(name)
    return OUTPUT_AXES.get(name if numbered is None else f"{numbered[1]}1")


def outputs_of_pass(
    model: LanguageModel, given: LanguagePass, wanted: Sequence[str], num_norms: int
) -> dict[str, list[np.ndarray]]:
    """Return the wanted outputs of a pass, one array per sequence; those that the model has not are left out.

    `num_norms` tells which states the reference lists: one more than blocks, the first and the last normalised, or as
    many as blocks, none normalised.
    """
    shares: dict[tuple[int, int], Tensor] = {}

    def keep(layer: int, sequence: int, found: Tensor) -> None:
        shares[layer, sequence] = found

    needs_attention = any(name.startswith("attention_") for name in wanted)
    states = range(model.num_layers + 1)
    has_logits = "logits" in wanted and model.head is not None
    atoms: AtomReading | None = None
    with torch.no_grad():
        if given.unzipped is None:
            has_contacts = "contacts" in wanted and model.contact_head is not None
            reading = model(
                given.tokens, states=states, logits=has_logits, contacts=has_contacts,
                on_attention=keep if needs_attention else None,
            )  # fmt: skip
        else:
            atoms = read_unzipped(
                model, given.unzipped, states=states, logits=has_logits, on_attention=keep if needs_attention else None
            )
            reading = atoms.reading
    made = _of_tokens(model, given, reading, num_norms)
    made |= _of_attention(model, given, reading, shares)
    if atoms is not None:
        made["pair_rep"] = lambda number: atoms.pair_term[number].permute(1, 2, 0)
        made["dist_head"] = lambda number: atoms.distance[number]
    return {
        name: [made[name](number).numpy() for number in range(given.tokens.num_sequences)]
        for name in wanted
        if name in made
    }


_Made = dict[str, Callable[[int], Tensor]]


def _of_tokens(model: LanguageModel, given: LanguagePass, reading: Reading, num_norms: int) -> _Made:
    slices, num_layers = given.tokens.slices(), model.num_layers
    last = reading.states[num_layers] if given.ends_before_norm else reading.last
    listed = [reading.states[number] for number in range(1, num_layers + 1)]
    if num_norms == num_layers + 1:
        listed = [reading.states[number] for number in range(num_layers)] + [reading.last]
    norms = torch.stack([state.norm(dim=1) for state in listed])
    residues = model.residues(given.tokens)
    made: _Made = {
        "last_hidden_state": lambda number: last[slices[number]],
        "hidden_state": lambda number: last[slices[number]],
        "embeddings": lambda number: last[slices[number]],
        "hidden_states_first": lambda number: reading.states[1][slices[number]],
        "hidden_state_norms": lambda number: norms[:, slices[number]],
        "mean_residue_embedding": lambda number: last[residues[number]].mean(0),
    }
    for layer in range(num_layers):
        made[f"hidden_state_{layer}"] = partial(lambda state, number: state[slices[number]], reading.states[layer])
    logits = reading.logits
    return made if logits is None else made | {"logits": lambda number: logits[slices[number]]}


def _of_attention(
    model: LanguageModel, given: LanguagePass, reading: Reading, shares: Mapping[tuple[int, int], Tensor]
) -> _Made:
    made: _Made = {}
    if shares:
        for layer in range(model.num_layers):
            made[f"attention_layer{layer}"] = partial(lambda layer, number: shares[layer, number], layer)
        made["attention_mean_per_head"] = lambda number: torch.stack(
            [shares[layer, number].square().sum((1, 2)) for layer in range(model.num_layers)]
        )
    contacts = reading.contacts
    return made if contacts is None else made | {"contacts": lambda number: contacts[number]}
