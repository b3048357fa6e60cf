"""EC numbers as a hierarchy of four levels: class, subclass, sub-subclass, enzyme.

`1.2.-.-` names a subclass; `1.2.3.n1` is a preliminary number of UniProt, `1.2.3.B4` one of BRENDA. A number that says
less is an ancestor of every number that begins like it.
"""

import re
from collections.abc import Iterable

from protea.datasets.ontology.hierarchy import Hierarchy, hierarchy_of_parents
from protea.errors import InputError, describe

__all__ = ["NUM_LEVELS", "enzyme_hierarchy", "enzyme_level", "enzyme_parent", "parse_enzyme_number"]

NUM_LEVELS = 4

_LEVEL = (r"[1-7]", r"\d{1,3}", r"\d{1,3}", r"\d{1,4}|n\d{1,4}|[A-Z]\d{1,4}")


def parse_enzyme_number(text: str) -> str:
    """Return an EC number in its full form: four levels, `-` for each that is not stated.

    `EC 1.1.1.1`, `EC:1.1.1.1`, `1.1.1` and `1.1.1.-` are read.

    Raises:
        InputError: not an EC number, or a level is stated below one that is not.
    """
    number = re.sub(r"^\s*EC[\s:]*", "", text, flags=re.IGNORECASE).strip()
    levels = number.split(".")
    levels += ["-"] * (NUM_LEVELS - len(levels))
    num_stated = next((place for place, level in enumerate(levels) if level == "-"), NUM_LEVELS)
    is_number = (
        len(levels) == NUM_LEVELS
        and num_stated > 0
        and all(re.fullmatch(_LEVEL[place], levels[place]) for place in range(num_stated))
        and set(levels[num_stated:]) <= {"-"}
    )
    if not is_number:
        raise InputError(
            describe("not an EC number", found=repr(text), expected="1.2.3.4, 1.2.-.- or 1.2.3.n4, of class 1 to 7")
        )
    return ".".join(levels)


def enzyme_level(number: str) -> int:
    """Return how many levels a number in full form states, 1 to 4."""
    return NUM_LEVELS - number.split(".").count("-")


def enzyme_parent(number: str) -> str | None:
    """Return the number in full form that states one level less; None for a class."""
    level = enzyme_level(number)
    if level == 1:
        return None
    return ".".join([*number.split(".")[: level - 1], *["-"] * (NUM_LEVELS - level + 1)])


def enzyme_hierarchy(numbers: Iterable[str]) -> Hierarchy:
    """Return the hierarchy of the given numbers and all their ancestors, in the order of the levels' values."""
    found: set[str] = set()
    for text in numbers:
        number: str | None = parse_enzyme_number(text)
        while number is not None and number not in found:
            found.add(number)
            number = enzyme_parent(number)
    parents_of = {number: enzyme_parent(number) for number in sorted(found, key=_order)}
    return hierarchy_of_parents({number: [] if up is None else [up] for number, up in parents_of.items()})


def _order(number: str) -> list[tuple[int, str, int]]:
    """Return what numbers are ordered by: `-` first, then plain numbers, then preliminary ones."""
    keys = []
    for level in number.split("."):
        letter = level[0] if level[0].isalpha() else ""
        keys.append((-1, "", 0) if level == "-" else (int(bool(letter)), letter, int(level.removeprefix(letter))))
    return keys
