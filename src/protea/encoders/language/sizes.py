"""Sizes of language models: published ones by name, and the width of a head."""

from collections.abc import Mapping
from typing import TypeVar

from protea.errors import ConfigError, describe

__all__ = ["head_dim_of", "published_size"]

Size = TypeVar("Size")


def published_size(model: str, sizes: Mapping[str, Size], size: str) -> Size:
    """Return the entry of a size; raise ConfigError with the sizes that exist."""
    if size not in sizes:
        raise ConfigError(
            describe("no such size", where=model, expected=f"one of {', '.join(sizes)}", found=repr(size))
        )
    return sizes[size]


def head_dim_of(model: str, width: int, num_heads: int, *, is_turned: bool = True) -> int:
    """Return the channels of a head; raise ConfigError where heads do not divide the width, or cannot be turned."""
    if width % num_heads:
        raise ConfigError(
            describe("heads that do not divide the width", where=model, expected=f"a divisor of {width}",
                     found=str(num_heads))
        )  # fmt: skip
    if is_turned and width // num_heads % 2:
        raise ConfigError(
            describe("heads of an odd width: rotary positions turn pairs of channels", where=model,
                     expected="an even number of channels per head", found=str(width // num_heads))
        )  # fmt: skip
    return width // num_heads
