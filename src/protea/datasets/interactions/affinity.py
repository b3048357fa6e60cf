"""Affinities as databases write them, and binding energies: dG = RT ln Kd, in kcal/mol, the lower the tighter.

Kd is in mol/l against the standard state of 1 mol/l. A written bound (`>1E-4`) stays a bound: it is never taken for the
number. ddG = dG of the mutant - dG of the wild type, positive where the mutation weakens binding.
"""

import math
import re
from typing import Literal, NamedTuple

from protea.errors import FileFormatError, describe

__all__ = [
    "GAS_CONSTANT",
    "Affinity",
    "Energy",
    "Qualifier",
    "Temperature",
    "binding_energy",
    "energy_change",
    "parse_affinity",
    "parse_temperature",
]

GAS_CONSTANT = 8.314462618 / 4184
"""In kcal/mol/K: the exact constant of 2019, with 4.184 J to the calorie."""

Qualifier = Literal["=", "~", "<", ">", "unknown"]
"""Measured; about; below; above; nothing is known of the value."""

# A decimal comma stands for a point in a part of the files.
_NUMBER = re.compile(r"(?P<sign>[<>~]?)(?P<number>\d+(?:[.,]\d*)?(?:[eE][-+]?\d+)?)")
_TEMPERATURE = re.compile(r"(?P<kelvin>\d+(?:[.,]\d+)?)(?P<assumed>\(assumed,?\))?")
_WITHOUT_VALUE = {"": "not stated", "NA": "not stated", "None": "not stated", "n.b": "no binding",
                  "n.b.": "no binding", "unf": "unfolded"}  # fmt: skip
_REVERSED: dict[Qualifier, Qualifier] = {"=": "=", "~": "~", "<": ">", ">": "<", "unknown": "unknown"}


class Affinity(NamedTuple):
    """A dissociation constant in mol/l; None, and why, where there is no number."""

    kd: float | None
    qualifier: Qualifier
    reason: str = ""


class Temperature(NamedTuple):
    """In kelvin; None where it is not stated, and whether the database only assumed it."""

    kelvin: float | None
    is_assumed: bool


class Energy(NamedTuple):
    """In kcal/mol; None where it is unknown. With `<` and `>` the value is a bound of the energy."""

    value: float | None
    qualifier: Qualifier


def parse_affinity(text: str, where: str) -> Affinity:
    """Return the affinity in a text such as `5.26E-11`, `3,00E-09`, `>1E-04`, `~1E-6`, `n.b`.

    `n.b` (no binding was seen) and `unf` (the mutant is unfolded) are no numbers, nor bounds: the highest concentration
    that was tried is not stated. Raises FileFormatError for anything else, and for 0.
    """
    text = text.strip()
    if text in _WITHOUT_VALUE:
        return Affinity(None, "unknown", _WITHOUT_VALUE[text])
    match = _NUMBER.fullmatch(text)
    value = 0.0 if match is None else float(match["number"].replace(",", "."))
    if match is None or value <= 0:
        raise FileFormatError(
            describe("not an affinity", where=where, expected="a number above 0, n.b or unf", found=repr(text))
        )
    return Affinity(value, match["sign"] or "=")  # type: ignore[arg-type]


def parse_temperature(text: str, where: str) -> Temperature:
    """Return the temperature in a text such as `298` or `298(assumed)`; an empty text states none.

    Raises FileFormatError for anything else, and for what is no temperature of water.
    """
    text = text.strip()
    if not text:
        return Temperature(None, False)
    match = _TEMPERATURE.fullmatch(text)
    kelvin = 0.0 if match is None else float(match["kelvin"].replace(",", "."))
    if match is None or not 250 < kelvin < 400:
        raise FileFormatError(
            describe("not a temperature", where=where, expected="kelvin, such as 298 or 298(assumed)", found=repr(text))
        )
    return Temperature(kelvin, match["assumed"] is not None)


def binding_energy(affinity: Affinity, temperature: Temperature) -> Energy:
    """Return dG = RT ln Kd; unknown where the affinity or the temperature is."""
    if affinity.kd is None or temperature.kelvin is None:
        return Energy(None, "unknown")
    # The logarithm rises with Kd, so that a bound keeps its direction.
    return Energy(GAS_CONSTANT * temperature.kelvin * math.log(affinity.kd), affinity.qualifier)


def energy_change(wild_type: Energy, mutant: Energy) -> Energy:
    """Return ddG = dG(mutant) - dG(wild type).

    A bound of the mutant is one of the difference, one of the wild type is one in the other direction; where they point
    in two directions, nothing is known.
    """
    if wild_type.value is None or mutant.value is None:
        return Energy(None, "unknown")
    signs = {mutant.qualifier, _REVERSED[wild_type.qualifier]} - {"="}
    if {"<", ">"} <= signs:
        return Energy(None, "unknown")
    bound = signs - {"~"}
    qualifier: Qualifier = bound.pop() if bound else ("~" if signs else "=")
    return Energy(mutant.value - wild_type.value, qualifier)
