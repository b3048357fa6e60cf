"""Whole labels and growing ones hear the same; a token hears its own protein and no other."""

import torch

from protea.objectives.token_decoder.attention import GrowingLabels, OwnProtein, WholeLabels
from protea.objectives.token_decoder.packs import TokenPack
from tests.objectives.token_decoder.made import made_decoder, made_states, memory_of


def pack_of(*lengths: int) -> TokenPack:
    first = (0, *torch.tensor(lengths).cumsum(0).tolist())
    empty = torch.zeros(first[-1], dtype=torch.long)
    return TokenPack(empty, empty, empty, first, tuple(range(len(lengths))))


def drawn(number: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    draw = torch.Generator().manual_seed(number)
    query, key, value = torch.randn(3, number, 2, 4, generator=draw, dtype=torch.float64)
    return query, key, value


def test_whole_labels_are_the_softmax_over_what_came_before() -> None:
    query, key, value = drawn(7)
    found = WholeLabels(pack_of(2, 2, 3))(0, query, key, value)
    for own in (slice(0, 2), slice(2, 4), slice(4, 7)):
        scores = torch.einsum("qhd,khd->hqk", query[own], key[own]) / 2.0
        scores = scores.masked_fill(torch.ones_like(scores[0]).triu(1).bool(), -torch.inf)
        expected = torch.einsum("hqk,khd->qhd", scores.softmax(-1), value[own])
        assert torch.allclose(found[own], expected, rtol=1e-12)


def test_growing_labels_hear_what_whole_ones_hear() -> None:
    # Two labels of 20 tokens: room is doubled on the way, and half-way the rows change places.
    query, key, value = drawn(40)
    whole = WholeLabels(pack_of(20, 20))(0, query, key, value).unflatten(0, (2, 20))
    parts = [part.unflatten(0, (2, 20)) for part in (query, key, value)]
    kept, order = GrowingLabels(1), [0, 1]
    for step in range(20):
        if step == 10:
            order = [1, 0]
            kept.follow(torch.tensor(order))
        heard = kept(0, *(part[order, step] for part in parts))
        assert torch.allclose(heard, whole[order, step], rtol=1e-12)


def test_rows_may_be_continued_twice() -> None:
    query, key, value = drawn(4)
    kept = GrowingLabels(1)
    kept(0, query[:2], key[:2], value[:2])
    kept.follow(torch.tensor([1, 1]))
    heard = kept(0, query[2:3].expand(2, -1, -1), key[2:3].expand(2, -1, -1), value[2:3].expand(2, -1, -1))
    assert torch.equal(heard[0], heard[1])


def test_a_token_hears_and_points_at_its_own_protein() -> None:
    decoder = made_decoder()
    states = made_states(3, 1)
    memory, alone = memory_of(decoder, states), memory_of(decoder, states[1:])
    query = torch.randn(4, 2, 8, dtype=torch.float64)
    found = OwnProtein(memory, (0, 1, 4), (0, 1))
    own = OwnProtein(alone, (0, 3), (0,))
    assert torch.allclose(found(0, query)[1:], own(0, query[1:]), rtol=1e-12)
    pointed = found.pointing(query.flatten(1), 3)
    assert torch.isfinite(pointed[0]).all()
    assert torch.isfinite(pointed[1:]).tolist() == [[True, False, False]] * 3
    # One residue: whatever is asked, its value is heard.
    assert torch.allclose(found(0, query)[1:], memory.value[0][3].expand(3, -1, -1))
