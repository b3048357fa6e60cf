"""Sets of prompts that are compared: none, each alone, all, and what a task itself is read under."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["Condition", "Role", "conditions_of"]

Role = Literal["none", "own", "all", "part", "wrong"]
"""What a set is to a task: no prompt, the task's own ones, all, some of its own, or none of its own."""


@dataclass(frozen=True)
class Condition:
    """A set of prompts, its name in a table, and what it is to the task."""

    name: str
    prompts: tuple[str, ...]
    role: Role


def conditions_of(names: Sequence[str], own: Sequence[str] = ()) -> tuple[Condition, ...]:
    """Return none, each prompt alone, all, and the task's own set; a set that is two of these stands once."""
    sets = [(), *((name,) for name in names), tuple(names), tuple(name for name in names if name in own)]
    return tuple(Condition(_name(chosen, names), chosen, _role(chosen, names, own)) for chosen in dict.fromkeys(sets))


def _name(chosen: tuple[str, ...], names: Sequence[str]) -> str:
    if len(chosen) > 1 and len(chosen) == len(names):
        return "all"
    return " + ".join(chosen) or "none"


def _role(chosen: tuple[str, ...], names: Sequence[str], own: Sequence[str]) -> Role:
    if not chosen:
        return "none"
    if set(chosen) == set(own):
        return "own"
    if not set(chosen) & set(own):
        return "wrong"
    return "all" if len(chosen) == len(names) else "part"
