"""Secondary-structure strings: which residues are helix (H), strand (E) and loop (C), segment by segment."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

__all__ = ["SHORTEST_CHAIN", "Segment", "SegmentKind", "draw_topology", "secondary_structure"]

SegmentKind = Literal["H", "E", "C"]

SHORTEST_CHAIN = 12
"""Residues that the shortest tails, one helix and one strand need."""

# Length of a segment, both ends included. Strands alternate with short turns in a sheet, helices need room.
_LENGTHS = {"H": (8, 10), "E": (4, 6)}
_RESIDUES_PER_EXTRA = {"H": 16, "E": 50}  # a larger protein has room for longer segments
_LOOP, _TURN, _TAIL = (3, 6), (2, 4), (1, 4)
# Share of helices among the regular segments of a protein: all-beta, mixed, all-alpha.
_HELIX_SHARE = (0.1, 0.5, 0.9)
_TURN_PROBABILITY = 0.75


@dataclass(frozen=True)
class Segment:
    """A run of residues of one kind. `is_turn` marks a short loop between two strands, closed as a hairpin."""

    kind: SegmentKind
    length: int
    is_turn: bool = False


def draw_topology(rng: np.random.Generator, length: int) -> tuple[Segment, ...]:
    """Return loop, regular, loop, ..., regular, loop: segments of `length` residues in all (at least 12)."""
    share = float(rng.choice(_HELIX_SHARE))
    first, last = (int(rng.integers(_TAIL[0], _TAIL[1] + 1)) for _ in range(2))
    segments = [Segment("C", first)]
    left = length - first - last
    while True:
        kind: SegmentKind = "H" if rng.random() < share else "E"
        low, high = _LENGTHS[kind]
        size = min(int(rng.integers(low, high + length // _RESIDUES_PER_EXTRA[kind] + 1)), left)
        segments.append(Segment(kind, size))
        left -= size
        if left < _LOOP[1] + _LENGTHS["E"][0]:
            break
        # Whether the loop is a turn depends on what follows, so that is decided when the chain is complete.
        size = int(rng.integers(_LOOP[0], _LOOP[1] + 1))
        segments.append(Segment("C", size))
        left -= size
    # What is too short for another regular segment makes the others longer: a floppy tail would look like no protein.
    inner = range(1, len(segments))
    for place in rng.choice(inner, size=left):
        segments[place] = Segment(segments[place].kind, segments[place].length + 1)
    segments.append(Segment("C", last))
    return _close_hairpins(rng, segments)


def _close_hairpins(rng: np.random.Generator, segments: list[Segment]) -> tuple[Segment, ...]:
    """Return the segments with most loops between strands cut to a turn; the residues go to the strand before."""
    result = list(segments)
    for place in range(2, len(segments) - 2, 2):
        before, loop, after = result[place - 1 : place + 2]
        if before.kind == after.kind == "E" and rng.random() < _TURN_PROBABILITY:
            size = min(int(rng.integers(_TURN[0], _TURN[1] + 1)), loop.length)
            result[place] = Segment("C", size, is_turn=True)
            result[place - 1] = Segment("E", before.length + loop.length - size)
    return tuple(result)


def secondary_structure(segments: tuple[Segment, ...]) -> str:
    """Return the string of H, E and C, one letter per residue."""
    return "".join(segment.kind * segment.length for segment in segments)
