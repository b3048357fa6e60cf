"""Pairs of proteins as rows of a training: a batch of pairs holds each protein once.

Pairs that do not interact are drawn anew for each pass over the data, as many as there are known pairs, so that no pair
is learned as a negative for good. Axes: pair, member.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Int

from protea.errors import InputError, describe
from protea.protein.batch import Extra, ProteinBatch
from protea.training.data import Rows

__all__ = ["INTERACTS", "DrawPairs", "Pairs", "contrasted_rows", "pair_rows"]

INTERACTS = "interacts"
"""The label of pairs that are known to interact (1) or were drawn as pairs that do not (0)."""

DrawPairs = Callable[[int], Int[np.ndarray, "pair 2"]]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs by the places of their proteins in a list of rows, with labels [pair, ...] by name.

    Raises:
        InputError: if a pair names a protein that is not there, or a label has another length.
    """

    member: Int[np.ndarray, "pair 2"]
    labels: Mapping[str, np.ndarray]

    def __post_init__(self) -> None:
        for name, value in self.labels.items():
            if len(value) != len(self.member):
                raise InputError(
                    describe(f"label {name!r} of pairs has another length", expected=str(len(self.member)),
                             found=str(len(value)))
                )  # fmt: skip

    def __len__(self) -> int:
        return len(self.member)


@dataclass(frozen=True)
class _LoadPairs:
    """Loads some of the pairs, in the loader processes: their proteins once each, and which of them are pairs."""

    proteins: Rows
    pairs: Pairs

    def __call__(self, rows: Sequence[int]) -> ProteinBatch:
        chosen = np.asarray(rows, dtype=np.int64)
        member = self.pairs.member[chosen]
        distinct, place = np.unique(member, return_inverse=True)
        batch = self.proteins.load(self.proteins.rows[distinct].tolist())
        labels = {
            name: Extra("pair", torch.from_numpy(np.ascontiguousarray(value[chosen])))
            for name, value in self.pairs.labels.items()
        }
        return batch.replace(pair_member=torch.from_numpy(place.reshape(-1, 2).astype(np.int64))).with_extra(**labels)


def pair_rows(proteins: Rows, pairs: Pairs) -> Rows:
    """Return the pairs as rows; the length of a pair is that of both of its proteins together.

    Raises InputError where a pair names a protein that is not there.
    """
    member = pairs.member
    if len(member) and not 0 <= member.min() <= member.max() < len(proteins):
        raise InputError(
            describe("a pair names a protein that is not there", expected=f"0..{len(proteins) - 1}",
                     found=f"{member.min()}..{member.max()}")
        )  # fmt: skip
    lengths = np.asarray(proteins.lengths, dtype=np.int64)[member].sum(axis=1)
    return Rows(np.arange(len(member)), lengths, _LoadPairs(proteins, pairs))


@dataclass(frozen=True, eq=False)
class _Contrast:
    """Known pairs with drawn ones beside them, for a pass over the data."""

    proteins: Rows
    known: Int[np.ndarray, "pair 2"]
    draw: DrawPairs

    def __call__(self, number: int) -> Rows:
        drawn = self.draw(number)
        member = np.concatenate([self.known, drawn])
        interacts = np.repeat(np.array([1, 0], dtype=np.uint8), [len(self.known), len(drawn)])
        return pair_rows(self.proteins, Pairs(member, {INTERACTS: interacts}))


def contrasted_rows(proteins: Rows, known: Int[np.ndarray, "pair 2"], draw: DrawPairs, *, is_drawn_anew: bool) -> Rows:
    """Return known pairs and pairs that `draw` returns for the number of a pass, with the label `interacts`.

    With `is_drawn_anew` each pass has its own; without, all have those of pass 0, as an evaluation needs.
    """
    contrast = _Contrast(proteins, known, draw)
    first = contrast(0)
    return replace(first, drawn=contrast) if is_drawn_anew else first
