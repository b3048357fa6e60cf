"""The channels of a head where all heads together are as wide as the states."""

from protea.errors import ConfigError, describe

__all__ = ["head_dim_of"]


def head_dim_of(model: str, width: int, num_heads: int) -> int:
    """Return the channels of a head; raise ConfigError where heads do not divide the width."""
    if width % num_heads:
        raise ConfigError(
            describe("heads that do not divide the width", where=model, expected=f"a divisor of {width}",
                     found=str(num_heads))
        )  # fmt: skip
    return width // num_heads
