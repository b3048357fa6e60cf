"""Paint tells a track on grey paper too: by width, and hollow below zero."""

import numpy as np
import pytest

from protea.predict.answer import Track
from protea.predict.report.paint import NOTHING, mixed, painted


def lightness(colour: str) -> float:
    red, green, blue = bytes.fromhex(colour[1:])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_higher_is_darker_and_thicker() -> None:
    found = painted(Track("x", "X", "", np.linspace(0, 1, 9), 0.0, 1.0)).paint
    widths = [paint.width for paint in found]
    shades = [lightness(paint.colour) for paint in found]
    assert widths == sorted(widths)
    assert shades == sorted(shades, reverse=True)
    assert len(set(found)) == 9


def test_signs_differ_without_colour() -> None:
    up, down, none, nothing = painted(Track("x", "X", "", np.array([1.0, -1.0, 0.0, np.nan]), -1.0, 1.0)).paint
    assert (up.is_hollow, down.is_hollow, none.is_hollow) == (False, True, False)
    assert up.width == down.width > none.width
    assert nothing == NOTHING


def test_classes_are_told_in_words_and_widths() -> None:
    meaning = {"H": "helix", "E": "strand", "C": "coil"}
    found = painted(Track("ss", "States", "", np.full(4, 0.5), 0.0, 1.0, "HHEC", meaning))
    assert found.summary == "helix 50 %, strand 25 %, coil 25 %"
    assert found.words[0] == "helix, 0.5"
    assert len({paint.width for paint in found.paint}) == 3
    for letter, name in meaning.items():
        assert f"{letter} {name}" in found.legend


def test_many_classes_are_steps() -> None:
    meaning = {str(step): str(step) for step in range(9)}
    found = painted(Track("c", "C", "", np.ones(9), 0.0, 1.0, "012345678", meaning)).paint
    assert [paint.width for paint in found] == sorted({paint.width for paint in found})


def test_values_are_summed_up_with_their_unit() -> None:
    found = painted(Track("t", "T", "°C", np.array([40.0, np.nan, 50.5]), 0.0, 100.0))
    assert (found.summary, found.words) == ("from 40 to 50.5 °C", ("40 °C", "does not apply", "50.5 °C"))
    assert painted(Track("t", "T", "", np.array([np.nan]), 0.0, 1.0)).summary == "no residue has it"


@pytest.mark.parametrize(("share", "colour"), [(0.0, "#000000"), (0.5, "#806432"), (1.0, "#ffc864")])
def test_mixing(share: float, colour: str) -> None:
    assert mixed("#000000", "#ffc864", share) == colour
