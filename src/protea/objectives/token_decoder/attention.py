"""Where a token of a label looks: at the tokens before it in its own label, and at the residues of its own protein.

Axes: token (packed), head, dim, residue (packed), row (of labels that grow together, each by one token a step).
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import pad, scaled_dot_product_attention

from protea.encoders.language.attention import groups_of_equal_length
from protea.objectives.token_decoder.packs import Memory, TokenPack

__all__ = ["GrowingLabels", "OwnProtein", "WholeLabels"]


class WholeLabels:
    """Causal attention inside each label of a pack; neighbours of equal length are one call."""

    def __init__(self, pack: TokenPack) -> None:
        self.groups = groups_of_equal_length(pack.lengths)

    def __call__(
        self, layer: int, query: Float[Tensor, "token head dim"], key: Float[Tensor, "token head dim"],
        value: Float[Tensor, "token head dim"],
    ) -> Float[Tensor, "token head dim"]:  # fmt: skip
        """Return what each token gathers of itself and those before it."""
        gathered = []
        for first, number, length in self.groups:
            own = slice(first, first + number * length)
            queries, keys, values = (
                part[own].unflatten(0, (number, length)).transpose(1, 2) for part in (query, key, value)
            )
            heard = scaled_dot_product_attention(queries, keys, values, is_causal=True)
            gathered.append(heard.transpose(1, 2).flatten(0, 1))
        return torch.cat(gathered)


class GrowingLabels:
    """The same for labels that grow by a token a step: keys and values of what was written are kept.

    All labels have the same number of tokens, so nothing is padding. Room is doubled when it is full.
    """

    def __init__(self, num_layers: int) -> None:
        self.length = [0] * num_layers
        self.kept: list[tuple[Tensor, Tensor] | None] = [None] * num_layers

    def __call__(
        self, layer: int, query: Float[Tensor, "row head dim"], key: Float[Tensor, "row head dim"],
        value: Float[Tensor, "row head dim"],
    ) -> Float[Tensor, "row head dim"]:  # fmt: skip
        """Take the newest token of every row, and return what it gathers of itself and those before it."""
        place = self.length[layer]
        keys, values = self._room(layer, key)
        keys[:, :, place], values[:, :, place] = key, value
        self.length[layer] = place + 1
        seen = slice(0, place + 1)
        return scaled_dot_product_attention(query[:, :, None], keys[:, :, seen], values[:, :, seen])[:, :, 0]

    def _room(self, layer: int, like: Tensor) -> tuple[Tensor, Tensor]:
        found, place = self.kept[layer], self.length[layer]
        if found is None or found[0].shape[2] == place:
            rows, heads, dim = like.shape
            empty = like.new_zeros((rows, heads, max(place, 8), dim))
            found = (empty, empty.clone()) if found is None else (
                torch.cat([found[0], empty], dim=2), torch.cat([found[1], empty], dim=2)
            )  # fmt: skip
            self.kept[layer] = found
        return found

    def follow(self, parent: Int[Tensor, " row"]) -> None:
        """Let the rows be continuations of these rows; some may be continued twice, others not at all."""
        first = self.kept[0]
        if first is not None and torch.equal(parent, torch.arange(len(first[0]), device=parent.device)):
            return
        self.kept = [None if pair is None else (pair[0][parent], pair[1][parent]) for pair in self.kept]


class OwnProtein:
    """Attention of packed tokens to the residues of the protein of their label, and to no other's."""

    def __init__(self, memory: Memory, first: Sequence[int], proteins: Sequence[int]) -> None:
        self.memory = memory
        self.pairs = [
            (slice(start, stop), memory.rows(protein))
            for (start, stop), protein in zip(pairwise(first), proteins, strict=True)
        ]

    def __call__(self, layer: int, query: Float[Tensor, "token head dim"]) -> Float[Tensor, "token head dim"]:
        """Return what each token gathers of its protein."""
        key, value = self.memory.key[layer], self.memory.value[layer]
        gathered = [
            scaled_dot_product_attention(
                query[own].transpose(0, 1)[None], key[rows].transpose(0, 1)[None], value[rows].transpose(0, 1)[None]
            )[0].transpose(0, 1)
            for own, rows in self.pairs
        ]
        return torch.cat(gathered)

    def pointing(self, query: Float[Tensor, "token channel"], width: int) -> Float[Tensor, "token column"]:
        """Return a logit per residue of the own protein, -inf in the columns beyond it."""
        scale = query.shape[1] ** -0.5
        rows = []
        for own, residues in self.pairs:
            found = (query[own] * scale) @ self.memory.pointed[residues].T
            rows.append(pad(found, (0, width - found.shape[1]), value=-torch.inf))
        return torch.cat(rows)
