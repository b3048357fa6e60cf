"""Affinities: what is written, what a bound bounds, and energies against the constants of a textbook."""

import math

import pytest

from protea.datasets.interactions.affinity import (
    GAS_CONSTANT,
    Affinity,
    Energy,
    Temperature,
    binding_energy,
    energy_change,
    parse_affinity,
    parse_temperature,
)
from protea.errors import FileFormatError

ROOM = Temperature(298.0, False)


def energy(text: str) -> Energy:
    return binding_energy(parse_affinity(text, "here"), ROOM)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5.26E-11", Affinity(5.26e-11, "=")),
        ("3,00E-09", Affinity(3e-9, "=")),  # a decimal comma
        ("0.002", Affinity(2e-3, "=")),
        (">1E-04", Affinity(1e-4, ">")),
        ("<1.4E-10", Affinity(1.4e-10, "<")),
        ("~1.5e-6", Affinity(1.5e-6, "~")),
        ("n.b", Affinity(None, "unknown", "no binding")),
        ("n.b.", Affinity(None, "unknown", "no binding")),
        ("unf", Affinity(None, "unknown", "unfolded")),
        ("", Affinity(None, "unknown", "not stated")),
        (" NA ", Affinity(None, "unknown", "not stated")),
    ],
)
def test_affinities_as_written(text: str, expected: Affinity) -> None:
    assert parse_affinity(text, "here") == expected


@pytest.mark.parametrize("text", ["0", "0.0E-9", "-1E-9", "1E-9 M", "1.2.3", ">>1", "nb?", "1,000,000"])
def test_what_is_no_affinity_is_refused(text: str) -> None:
    with pytest.raises(FileFormatError, match="row 7: not an affinity"):
        parse_affinity(text, "row 7")


def test_temperatures_as_written() -> None:
    assert parse_temperature("298", "here") == Temperature(298.0, False)
    assert parse_temperature("298(assumed)", "here") == Temperature(298.0, True)
    assert parse_temperature("", "here") == Temperature(None, False)
    for text in ("25", "298K", "(assumed)", "1000"):
        with pytest.raises(FileFormatError, match="not a temperature"):
            parse_temperature(text, "here")


def test_energies_of_a_textbook() -> None:
    assert pytest.approx(1.98720e-3, rel=1e-5) == GAS_CONSTANT
    nanomolar = energy("1E-9")
    assert nanomolar == (pytest.approx(-12.27, abs=0.01), "=")
    # A factor of ten is RT ln 10 = 1.36 kcal/mol at 298 K.
    change = energy_change(nanomolar, energy("1E-8"))
    assert change == (pytest.approx(GAS_CONSTANT * 298 * math.log(10), rel=1e-12), "=")
    assert change.value == pytest.approx(1.364, abs=0.001)  # weaker binding: positive
    assert energy_change(energy("1E-8"), nanomolar).value == pytest.approx(-1.364, abs=0.001)
    assert energy("1").value == 0.0


def test_without_number_or_temperature_there_is_no_energy() -> None:
    assert energy("n.b") == (None, "unknown")
    assert binding_energy(parse_affinity("1E-9", "here"), Temperature(None, False)) == (None, "unknown")
    assert energy_change(energy("1E-9"), energy("n.b")) == (None, "unknown")


@pytest.mark.parametrize(
    ("wild_type", "mutant", "qualifier"),
    [
        ("1E-9", "1E-8", "="),
        ("1E-9", ">1E-8", ">"),  # at least so much weaker
        ("1E-9", "<1E-10", "<"),
        ("<1E-9", "1E-8", ">"),  # the wild type binds tighter still
        (">1E-9", "1E-8", "<"),
        ("<1E-9", ">1E-8", ">"),
        (">1E-9", ">1E-8", "unknown"),
        ("<1E-9", "<1E-8", "unknown"),
        ("~1E-9", "1E-8", "~"),
        ("~1E-9", ">1E-8", ">"),
    ],
)
def test_bounds_of_a_difference(wild_type: str, mutant: str, qualifier: str) -> None:
    found = energy_change(energy(wild_type), energy(mutant))
    assert found.qualifier == qualifier
    assert (found.value is None) == (qualifier == "unknown")
