"""The heat map of a scan stands beside its strongest changes in words; the script has the same numbers."""

import json
import re
from dataclasses import replace

import numpy as np

from protea.predict.answer import SubstitutionScan
from protea.predict.report.scan_part import scan_parts
from protea.protein.alphabets import STANDARD_LETTERS
from tests.predict.made_answers import proteins


def made_scan(letters: str, *, has_width: bool = True) -> SubstitutionScan:
    draw = np.random.default_rng(0)
    change = draw.normal(size=(len(letters), 20))
    for row, own in enumerate(letters):
        change[row, STANDARD_LETTERS.index(own)] = 0.0
    width = np.full(change.shape, 2.5 if has_width else np.nan)
    return SubstitutionScan("melting", "Melting", "Melting temperature", "°C", letters, 54.0, change, width)


def test_the_mean_leaves_the_residue_itself_out() -> None:
    scan = made_scan("MKV")
    np.testing.assert_allclose(scan.mean, scan.score.sum(1) / 19)


def test_words_and_numbers_agree_with_the_scan() -> None:
    protein = proteins()[1]
    scan = made_scan(protein.sequence)
    (part,) = scan_parts(replace(protein, scans=(scan,)))
    row, column = np.unravel_index(int(scan.score.argmax()), scan.score.shape)
    name = f"{protein.sequence[row]}{row + 1}{STANDARD_LETTERS[column]}"
    first = re.search(r'Raised most</caption><tr><th scope="row">(\w+)</th><td>\+([\d.]+)', part)
    assert first is not None
    assert first[1] == name
    assert float(first[2]) == float(f"{scan.score.max():.3g}")
    found = re.search(r'class="data">(.*?)</script>', part)
    assert found is not None
    data = json.loads(found[1])
    np.testing.assert_allclose(data["change"], scan.score, rtol=5e-3)
    assert "361 substitutions" in part
    assert "Intervals of mutants are 2.5 °C wide" in part
    assert 'class="heat-map"' in part
    assert re.search(r"^\s*(?:svg|text|\.soft)\s*[{,]", part, re.MULTILINE) is None  # a style of its own only


def test_without_intervals_none_is_told() -> None:
    protein = proteins()[1]
    (part,) = scan_parts(replace(protein, scans=(made_scan(protein.sequence, has_width=False),)))
    assert "Intervals" not in part
    assert scan_parts(protein) == []


def test_an_unknown_letter_has_twenty_substitutions() -> None:
    scan = SubstitutionScan("x", "X", "x", "", "AX", 1.0, np.zeros((2, 20)), np.full((2, 20), np.nan))
    (part,) = scan_parts(replace(proteins()[1], sequence="AX", tracks=(), scans=(scan,)))
    assert "All 39 substitutions" in part
