"""Look-up of published sizes by name."""

from collections.abc import Mapping
from typing import TypeVar

from protea.errors import ConfigError, describe

__all__ = ["published_size"]

Size = TypeVar("Size")


def published_size(model: str, sizes: Mapping[str, Size], size: str) -> Size:
    """Return the entry of a size; raise ConfigError with the sizes that exist."""
    if size not in sizes:
        raise ConfigError(
            describe("no such size", where=model, expected=f"one of {', '.join(sizes)}", found=repr(size))
        )
    return sizes[size]
