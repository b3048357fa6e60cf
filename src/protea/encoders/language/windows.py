"""How sequences that are too long for one reading are read: which windows, and how much each counts for a token.

Windows are cut from the tokens of the whole sequence, so the special tokens stand at its true ends only: ESM-2 was
trained on crops in this way. A sequence that fits into one window is read whole under every policy.

- `whole`: the sequence at once, however long.
- `centred`: each token in the window that has it in the middle (at the ends: the first or last window).
- `overlapping`: windows from both ends towards the middle, `stride` tokens apart, one more in the middle where the two
  that meet overlap by less; where windows overlap their log-probabilities are averaged by sigmoid weights that fall
  towards the edges. This is ProteinGym's rule, but for its outermost tokens, which it gives the weight 1, and its right
  slope, which it begins a token earlier.
"""

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

from protea.errors import ConfigError, describe

__all__ = ["WHOLE", "Share", "WindowKind", "WindowPolicy"]

WindowKind = Literal["whole", "centred", "overlapping"]


class Share(NamedTuple):
    """A window of tokens and how much its reading of one token counts; the weights of a token sum to 1."""

    window: slice
    weight: float


@dataclass(frozen=True)
class WindowPolicy:
    """Which windows a sequence is read in; sizes in tokens, the special ones included."""

    kind: WindowKind = "whole"
    size: int = 1024
    stride: int = 511

    def __post_init__(self) -> None:
        if not 1 <= self.stride <= self.size:
            raise ConfigError(
                describe("windows that leave gaps", expected=f"a stride from 1 to {self.size}", found=str(self.stride))
            )

    @classmethod
    def of_size(cls, kind: WindowKind, size: int) -> "WindowPolicy":
        """Return windows of a size, which overlap by a little more than half of it (ProteinGym: 511 of 1,024)."""
        return cls(kind, size, max(1, size // 2 - 1))

    def is_cut(self, num_tokens: int) -> bool:
        """Return whether a sequence of this length is read in parts."""
        return self.kind != "whole" and num_tokens > self.size

    def shares(self, place: int, num_tokens: int) -> tuple[Share, ...]:
        """Return the windows in which the token at `place` is read, and their weights."""
        if not self.is_cut(num_tokens):
            return (Share(slice(0, num_tokens), 1.0),)
        if self.kind == "centred":
            start = min(max(place - self.size // 2, 0), num_tokens - self.size)
            return (Share(slice(start, start + self.size), 1.0),)
        holding = [start for start in self.starts(num_tokens) if start <= place < start + self.size]
        weights = [self._weight(place - start) for start in holding]
        return tuple(
            Share(slice(start, start + self.size), weight / sum(weights))
            for start, weight in zip(holding, weights, strict=True)
        )

    def starts(self, num_tokens: int) -> tuple[int, ...]:
        """Return where the overlapping windows of a sequence begin."""
        left, right = 0, num_tokens - self.size
        if right <= 0:
            return (0,)
        found = {left, right}
        while left + self.size - 1 <= right:  # the two that came last do not overlap yet
            # A stride as long as a window may lead over the ends.
            left, right = min(left + self.stride, num_tokens - self.size), max(right - self.stride, 0)
            found |= {left, right}
        if left + self.size - right < self.stride:
            found.add(num_tokens // 2 - self.size // 2)
        return tuple(sorted(found))

    def words(self, num_tokens: int) -> str:
        """Return how a sequence of this length is read, for tables and logs."""
        if not self.is_cut(num_tokens):
            return "whole"
        if self.kind == "centred":
            return f"centred, {self.size} tokens"
        return f"overlapping, {len(self.starts(num_tokens))} of {self.size} tokens, {self.stride} apart"

    def _weight(self, place: int) -> float:
        """Return the weight of a token of a window: 1 in the middle, 1/2 an eighth of the size from an edge."""
        from_edge = min(place, self.size - 1 - place)
        if from_edge > self.size // 4:
            return 1.0
        return 1 / (1 + math.exp(-(from_edge - self.size // 8) / max(self.size / 64, 1)))


WHOLE = WindowPolicy()
"""Every sequence at once."""
