"""Whether tensors fit a module key by key, and what to say where they do not."""

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

__all__ = ["KeyFit", "fit_of_keys"]


@dataclass(frozen=True)
class KeyFit:
    """What keeps tensors from their places; all three are empty where every key fits."""

    missing: tuple[str, ...]
    unexpected: tuple[str, ...]
    other_shapes: tuple[str, ...]
    """`key: expected (2, 3), found (3, 2)`."""

    @property
    def is_exact(self) -> bool:
        """Every key has its place, every place its key, and the shapes agree."""
        return not (self.missing or self.unexpected or self.other_shapes)

    def __str__(self) -> str:
        parts = (("missing", self.missing), ("unexpected", self.unexpected), ("of another shape", self.other_shapes))
        return "; ".join(f"{name} {list(keys)}" for name, keys in parts if keys) or "an exact fit"


def fit_of_keys(own: Mapping[str, Tensor], found: Mapping[str, Tensor]) -> KeyFit:
    """Return how the tensors that were found fit the places of a module (its `state_dict`), keys in order."""
    return KeyFit(
        missing=tuple(sorted(set(own) - set(found))),
        unexpected=tuple(sorted(set(found) - set(own))),
        other_shapes=tuple(
            f"{key}: expected {tuple(own[key].shape)}, found {tuple(found[key].shape)}"
            for key in sorted(set(own) & set(found))
            if own[key].shape != found[key].shape
        ),
    )
