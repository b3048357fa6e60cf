"""The heat map shows every score in its shade, and each residue's own letter by a dot."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from protea.applications.variants.heat_map import BY_CHEMISTRY, LAYOUT, heat_map, largest_shown, shade_colours
from protea.applications.variants.scan import MutationalScan
from protea.protein.alphabets import STANDARD_LETTERS
from tests.applications.variants.made_scans import made_scan

SVG = "{http://www.w3.org/2000/svg}"


def colour_at(svg: str, x: float, y: float) -> str | None:
    """The fill of the square whose corner is there."""
    for path in ElementTree.fromstring(svg).iter(f"{SVG}path"):
        if f"M{x:g} {y:g}h{LAYOUT['cell']:g}" in path.get("d", ""):
            return path.get("fill")
    return None


def test_rows_are_the_twenty_letters() -> None:
    assert sorted(BY_CHEMISTRY) == sorted(STANDARD_LETTERS)


def test_every_cell_has_the_shade_of_its_score() -> None:
    scan, colours = made_scan(), shade_colours()
    svg, largest = heat_map(scan, "A scan", "how"), largest_shown(scan)
    for row, own in enumerate(scan.letters):
        for level, letter in enumerate(BY_CHEMISTRY):
            x, y = LAYOUT["left"] + row * LAYOUT["cell"], LAYOUT["top"] + level * LAYOUT["cell"]
            found = colour_at(svg, x, y)
            if letter == own:
                assert found is None
            else:
                value = scan.score[row, STANDARD_LETTERS.index(letter)]
                assert found == colours[int(np.clip(round(value / largest * 16), -16, 16))]
    dots = next(
        path
        for path in ElementTree.fromstring(svg).iter(f"{SVG}path")
        if path.get("class") == "own" and "M" in path.get("d", "") and len(re.findall("M", path.get("d", ""))) > 1
    )
    assert len(re.findall("M", dots.get("d", ""))) == 4  # X has no cell of its own


def test_shades_run_from_orange_over_white_to_blue() -> None:
    colours = shade_colours()
    assert (colours[-16], colours[0], colours[16]) == ("#b4530a", "#fcfbf8", "#0b62a4")
    blue = [int(colours[shade][5:], 16) - int(colours[shade][1:3], 16) for shade in range(-16, 17)]
    assert blue == sorted(blue)


def test_long_proteins_are_broken_into_lines_and_numbered() -> None:
    svg = heat_map(made_scan("MQIFV" * 50), "A <b> scan", "how & why")
    root = ElementTree.fromstring(svg)
    texts = [item.text for item in root.iter(f"{SVG}text")]
    assert "A <b> scan" in texts
    assert [number for number in ("24", "124", "224", "30", "270") if number in texts] == [
        "24",
        "124",
        "224",
        "30",
        "270",
    ]
    assert texts.count("mean") == 3
    assert float(root.get("height", 0)) == pytest.approx(92 + 3 * LAYOUT["line"])


def test_a_scan_without_any_change_is_white() -> None:
    scan = MutationalScan("AC", np.zeros((2, 20)), 1, "masked_marginals", "whole")
    assert largest_shown(scan) == 1
    assert colour_at(heat_map(scan, "t", "n"), LAYOUT["left"], LAYOUT["top"]) == shade_colours()[0]


def test_the_mean_is_taken_once_and_not_per_residue() -> None:
    scan = made_scan()
    assert scan.mean is scan.mean  # a picture asks for it at every residue: 5,000 of them took minutes
