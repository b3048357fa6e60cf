"""Each residue has one bar, as long as its value and on the side of its sign."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from protea.applications.explanations.sequence_profile import sequence_profile
from tests.datasets.made_proteins import made_protein

SVG = "{http://www.w3.org/2000/svg}"


def test_bars_are_the_values(tmp_path) -> None:  # type: ignore[no-untyped-def]
    protein = made_protein("a", 12)
    value = np.linspace(-2.0, 1.0, 12)
    has_ca = np.arange(12) != 3
    text = sequence_profile(protein, value, has_ca, "A <title>", "a note")
    root = ElementTree.fromstring(text)
    bars = list(root.iter(f"{SVG}rect"))
    assert len(bars) == 12
    size = np.array([float(bar.attrib["height"]) for bar in bars])
    np.testing.assert_allclose(size, np.abs(value) / 2.0 * 46, atol=0.006)
    assert [bar.attrib["class"].split()[0] for bar in bars] == ["up" if item > 0 else "down" for item in value]
    assert [index for index, bar in enumerate(bars) if "absent" in bar.attrib["class"]] == [3]
    # Bars of both signs end at the zero line.
    zero = float(next(item for item in root.iter(f"{SVG}line") if item.attrib["class"] == "zero").attrib["y1"])
    for bar, item in zip(bars, value, strict=True):
        edge = float(bar.attrib["y"]) + (float(bar.attrib["height"]) if item > 0 else 0.0)
        assert edge == pytest.approx(zero, abs=0.02)
    letters = [item.text for item in root.iter(f"{SVG}text") if item.attrib.get("class") == "letter"]
    assert "".join(letters) == protein.sequence  # type: ignore[arg-type]
    assert len([item for item in root.iter(f"{SVG}line") if item.attrib["class"] == "break"]) == 1
    assert bars[0].find(f"{SVG}title").text.startswith(f"{protein.sequence[0]} A:-2")  # type: ignore[union-attr]


def test_long_proteins_take_several_lines_and_nothing_is_fetched() -> None:
    protein = made_protein("long", 250)
    text = sequence_profile(protein, np.zeros(250), np.ones(250, bool), "t", "n")
    assert text.count('class="zero"') == 3
    assert not re.search(r"https?:", text.replace("http://www.w3.org/2000/svg", ""))
