"""Blocks are read from text, laid out end to end, and found again in the layout of e3nn."""

import pytest
import torch

from protea.encoders.irreps import (
    IrrepBlock,
    check_hidden,
    harmonic_degrees,
    offsets_of,
    parse_irreps,
    to_channel_first,
)
from protea.errors import ConfigError


def test_text_and_blocks() -> None:
    blocks = parse_irreps("64x0e + 8x1o+2e")
    assert blocks == (IrrepBlock(64, 0, 1), IrrepBlock(8, 1, -1), IrrepBlock(1, 2, 1))
    assert [block.dim for block in blocks] == [64, 24, 5]
    assert [str(block) for block in blocks] == ["64x0e", "8x1o", "1x2e"]
    assert offsets_of(blocks) == (slice(0, 64), slice(64, 88), slice(88, 93))


def test_only_even_scalars_are_invariant() -> None:
    assert [block.is_invariant for block in parse_irreps("2x0e + 2x0o + 2x1e")] == [True, False, False]


@pytest.mark.parametrize("text", ["", "8x1", "0x0e", "8*0e", "8x0e +"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="not a sum of irreps"):
        parse_irreps(text)


@pytest.mark.parametrize("text", ["8x1o + 8x0e", "8x0o", "4x0e + 2x1o + 4x0e"])
def test_hidden_states_begin_with_their_scalars(text: str) -> None:
    with pytest.raises(ConfigError, match="must begin with their scalars"):
        check_hidden(parse_irreps(text), where="here")


def test_harmonics_alternate_in_parity() -> None:
    assert [str(block) for block in harmonic_degrees(2)] == ["1x0e", "1x1o", "1x2e"]


def test_channel_first_layout() -> None:
    # Two scalars, then two vectors: ours is x x y y z z, that of e3nn x y z x y z.
    columns = to_channel_first(parse_irreps("2x0e + 2x1o"))
    assert torch.equal(columns, torch.tensor([0, 1, 2, 4, 6, 3, 5, 7]))
