"""A language model that embeds: every chain is a sequence, residues are states of chosen layers, proteins their mean.

Long sequences are read in overlapping windows of tokens where the model demands it (learned places) or the caller
chose it. Where windows overlap, states are averaged with weights that fall towards the edges (`WindowPolicy`).
"""

import hashlib
import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from protea.applications.embedding.embedder import Embedded, Embedder, Unit, stored_letters
from protea.encoders.language.interface import LanguageModelConfig
from protea.encoders.language.model import LanguageModel
from protea.encoders.language.saprot import joined_with_structure
from protea.encoders.language.saprot_structures import joined_with_own_structure
from protea.encoders.language.tokens import pack_tokens
from protea.encoders.language.windows import WHOLE, WindowPolicy
from protea.encoders.weights.language_models import load_language_model
from protea.errors import ConfigError, InputError, describe
from protea.protein.record import Protein

__all__ = ["LAST", "LanguageEmbedder", "Precision", "language_embedder"]

Precision = Literal["float32", "bf16"]
"""Type of the arithmetic."""

LAST = "last"
"""The state after all blocks and the last normalisation; other layers are numbers of blocks, never normalised."""

_HIDDEN_STRUCTURE = "X"


class _Piece(NamedTuple):
    """A window of a chain: its tokens, and how much each of its states counts."""

    chain: int
    window: slice
    token: Int[Tensor, " token"]
    weight: Float[np.ndarray, " token"] | None


class LanguageEmbedder(Embedder):
    """A language model, the layers that are asked for and how sequences are read.

    `max_tokens` is the longest piece that is read at once: what is longer is refused (it would break the bound of
    memory). `reads_pairs`: proteins without atoms are residue and 3Di letters in turn (SaProt).
    """

    passes_per_window = 8

    def __init__(
        self, model: LanguageModel, identity: dict[str, Any], about: dict[str, Any], *,
        layers: Sequence[str] = (LAST,), precision: Precision = "float32", windows: WindowPolicy | None = None,
        max_tokens: int | None = None, reads_pairs: bool = False,
    ) -> None:  # fmt: skip
        self.model = model.eval().to(torch.bfloat16 if precision == "bf16" else torch.float32)
        self._layers = tuple(dict.fromkeys(layers))
        self._numbers = _numbers_of(model, self._layers)
        self.windows = _windows_for(model, windows)
        self.max_tokens, self.reads_pairs = max_tokens, reads_pairs
        if reads_pairs and model.vocabulary.letters_per_residue != 2:
            raise ConfigError(
                describe("this model reads no structure letters", where=model.vocabulary.name, do="Leave --pairs out.")
            )
        _drop_what_is_not_read(model, self._layers, self._numbers)
        reading = {
            "kind": self.windows.kind, "size": self.windows.size, "stride": self.windows.stride
        } if self.windows.kind != "whole" else {"kind": "whole"}  # fmt: skip
        self._identity = {**identity, "layers": list(self._layers), "precision": precision, "windows": reading}
        if reads_pairs:
            self._identity["reads_pairs"] = True
        self._about = {**about, "pool": "mean over residues"}

    @property
    def layers(self) -> tuple[str, ...]:
        """Numbers of blocks, or `last`."""
        return self._layers

    @property
    def width(self) -> int:
        """Channels of an embedding."""
        return self.model.width

    @property
    def identity(self) -> dict[str, Any]:
        """Digests of weights and settings, layers, arithmetic and windows."""
        return self._identity

    @property
    def about(self) -> dict[str, Any]:
        """The name of the model and how proteins are pooled."""
        return self._about

    def to(self, device: torch.device | str) -> "LanguageEmbedder":
        """Return the embedder after its model was moved to a device."""
        self.model.to(device)
        return self

    def unit(self, protein: Protein) -> Unit:
        """Return a protein as it is read, cut into chains and windows.

        Raises:
            InputError: a letter that the model does not know, or a sequence that breaks the bound of memory.
        """
        spelled, letters = self._spelled(protein)
        tokens = [self.model.vocabulary.encode(chain) for chain in spelled]
        pieces = [piece for chain, token in enumerate(tokens) for piece in self._pieces(chain, token)]
        longest = max(len(piece.token) for piece in pieces)
        if self.max_tokens is not None and longest > self.max_tokens:
            raise InputError(
                describe("too long for the bound of memory", expected=f"at most {self.max_tokens} tokens",
                         found=str(longest), do="Give more --memory, or read it in windows (--window-tokens).")
            )  # fmt: skip
        size = sum(len(piece.token) for piece in pieces)
        return Unit(protein.id, letters, size, (tuple(map(len, tokens)), pieces), len(pieces) > len(tokens))

    def embedded(self, units: Sequence[Unit], pass_size: int) -> list[Embedded]:
        """Return the embeddings of units; neighbours in length are read together, which fused attention likes."""
        pieces = [(number, piece) for number, unit in enumerate(units) for piece in unit.content[1]]
        pieces.sort(key=lambda item: len(item[1].token))
        found = [_Sums(unit.content[0], self.width, self._layers) for unit in units]
        waiting: list[tuple[int, _Piece]] = []
        num_tokens = 0
        for number, piece in pieces:
            if waiting and num_tokens + len(piece.token) > pass_size:
                self._read(waiting, found)
                waiting, num_tokens = [], 0
            waiting.append((number, piece))
            num_tokens += len(piece.token)
        if waiting:
            self._read(waiting, found)
        return [one.embedded(self.model.vocabulary.residues_of) for one in found]

    @torch.no_grad()
    def _read(self, pieces: list[tuple[int, _Piece]], into: "list[_Sums]") -> None:
        device = self.model.embedding.token.weight.device
        tokens = pack_tokens([piece.token for _, piece in pieces]).to(device)
        reading = self.model(tokens, states=self._numbers)
        for layer in self._layers:
            state = reading.last if layer == LAST else reading.states[int(layer)]
            rows = state.float().cpu().numpy()
            for own, (number, piece) in zip(tokens.slices(), pieces, strict=True):
                into[number].add(layer, piece, rows[own])

    def _pieces(self, chain: int, token: Int[Tensor, " token"]) -> list[_Piece]:
        num_tokens = len(token)
        if not self.windows.is_cut(num_tokens):
            return [_Piece(chain, slice(0, num_tokens), token, None)]
        size = self.windows.size
        weight = {start: np.zeros(size) for start in self.windows.starts(num_tokens)}
        for place in range(num_tokens):
            for share in self.windows.shares(place, num_tokens):
                weight[share.window.start][place - share.window.start] = share.weight
        return [
            _Piece(chain, slice(start, start + size), token[start : start + size], own) for start, own in weight.items()
        ]

    def _spelled(self, protein: Protein) -> tuple[list[str], str]:
        """Return what the model reads of every chain, and the stored letters."""
        if self.reads_pairs and len(protein.atom_code) == 0:
            return _pairs(protein)
        letters, size = protein.sequence, self.model.vocabulary.letters_per_residue
        if size == 2:
            has_atoms = len(protein.atom_code) > 0
            letters = joined_with_own_structure(protein) if has_atoms else joined_with_structure(letters, None)
        ends = (np.flatnonzero(np.diff(protein.chain_of)) + 1).tolist()
        bounds = [0, *ends, len(protein)]
        chains = [letters[size * first : size * last] for first, last in pairwise(bounds)]
        return chains, stored_letters(protein.sequence)


class _Sums:
    """The states of a protein's chains while its windows are read, float32."""

    def __init__(self, lengths: tuple[int, ...], width: int, layers: tuple[str, ...]) -> None:
        self.lengths, self.width = lengths, width
        self.states: dict[str, list[np.ndarray | None]] = {layer: [None] * len(lengths) for layer in layers}

    def add(self, layer: str, piece: _Piece, rows: Float[np.ndarray, "token channel"]) -> None:
        """Add the states of a window by their weights."""
        chains = self.states[layer]
        if piece.weight is None:
            chains[piece.chain] = rows
            return
        into = chains[piece.chain]
        if into is None:
            into = chains[piece.chain] = np.zeros((self.lengths[piece.chain], self.width), np.float32)
        into[piece.window] += rows * piece.weight.astype(np.float32)[:, None]

    def embedded(self, residues_of: Any) -> Embedded:
        """Return the rows of residues, and their mean."""
        residue = {}
        for layer, chains in self.states.items():
            parts = [chain[residues_of(slice(0, len(chain)))] for chain in chains if chain is not None]
            residue[layer] = parts[0] if len(parts) == 1 else np.concatenate(parts)
        return Embedded(residue, {layer: rows.mean(axis=0) for layer, rows in residue.items()})


def language_embedder(
    weights: str | Path, config: LanguageModelConfig | None = None, *, layers: Sequence[str] = (LAST,),
    precision: Precision = "float32", windows: WindowPolicy | None = None, reads_pairs: bool = False,
) -> LanguageEmbedder:  # fmt: skip
    """Return an embedder with published weights, by name or from a file, on the CPU.

    Raises:
        InputError: if the weights are not there, or do not fit.
        ConfigError: if there is no such layer, or the windows are longer than the model reads.
    """
    found = load_language_model(weights, config)
    settings = json.dumps(found.config.model_dump(mode="json"), sort_keys=True)
    digests = found.digests
    identity = {
        "weights_sha256": digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest(),
        "config_sha256": hashlib.sha256(settings.encode()).hexdigest(),
    }
    about = {"encoder": f"{found.config.kind} from {Path(weights).name}", "settings": json.loads(settings)}
    return LanguageEmbedder(
        found.model, identity, about, layers=layers, precision=precision, windows=windows, reads_pairs=reads_pairs
    )


def _windows_for(model: LanguageModel, windows: WindowPolicy | None) -> WindowPolicy:
    """Return the windows in use: those of the caller, else what the model demands; raise ConfigError for others."""
    most = model.max_tokens
    if windows is None:
        return WHOLE if most is None else WindowPolicy.of_size("overlapping", most)
    if windows.kind == "centred":
        raise ConfigError(
            describe("centred windows would read a sequence once per residue", where="--window", do="Take overlapping.")
        )
    if most is not None and (windows.kind == "whole" or windows.size > most):
        raise ConfigError(
            describe("windows longer than the model reads", where="--window-tokens", expected=f"at most {most} tokens",
                     found="whole sequences" if windows.kind == "whole" else str(windows.size),
                     do="Take overlapping windows of that size.")
        )  # fmt: skip
    return windows


def _numbers_of(model: LanguageModel, layers: tuple[str, ...]) -> tuple[int, ...]:
    """Return the numbers of blocks among layers; raise ConfigError for a layer that is not there."""
    there = {str(number): number for number in range(model.num_layers + 1)}
    absent = [layer for layer in layers if layer != LAST and layer not in there]
    if absent or not layers:
        raise ConfigError(
            describe("no such layer", where=model.vocabulary.name, expected=f"0 to {model.num_layers}, or {LAST}",
                     found=", ".join(absent) or "none")
        )  # fmt: skip
    return tuple(there[layer] for layer in layers if layer != LAST)


def _drop_what_is_not_read(model: LanguageModel, layers: tuple[str, ...], numbers: tuple[int, ...]) -> None:
    """Leave out blocks after the last layer, and heads."""
    model.head = model.contact_head = None
    if LAST not in layers:
        model.transformer.blocks = model.transformer.blocks[: max(numbers)]
        model.transformer.last_norm = nn.Identity()


def _pairs(protein: Protein) -> tuple[list[str], str]:
    """Return a sequence of residue and 3Di letters in turn as SaProt reads it, and its residues.

    FASTA has no lower case, so case says nothing here; the structure letter X is a hidden one.
    """
    letters = protein.sequence
    if len(letters) % 2:
        raise InputError(
            describe("not pairs of letters", where=protein.id, expected="a residue and a structure letter in turn",
                     found=f"{len(letters)} letters")
        )  # fmt: skip
    residues, structure = letters[::2], letters[1::2].replace(_HIDDEN_STRUCTURE, "#")
    return [joined_with_structure(residues, structure)], stored_letters(residues)
