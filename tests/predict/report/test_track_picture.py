"""Each residue has its place, its letter and its bar."""

import re
from dataclasses import replace

import numpy as np

from protea.predict.answer import ProteinAnswers, Track
from protea.predict.report.paint import painted
from protea.predict.report.track_picture import track_picture
from tests.predict.made_answers import proteins


def bars(text: str) -> list[tuple[float, float, float, str]]:
    found = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="[\d.]+" height="([\d.]+)" class="(up|down)"', text)
    return [(float(x), float(y), float(height), kind) for x, y, height, kind in found]


def test_bars_stand_at_their_residue_and_as_high_as_the_value() -> None:
    track = Track("x", "X", "", np.array([0.0, 0.25, np.nan, 1.0]), 0.0, 1.0)
    drawn = bars(track_picture(ProteinAnswers("a", "MKVL", (), (track,))))
    assert [x for x, *_ in drawn] == [5, 15, 35]
    assert [height for _, _, height, _ in drawn] == [0, 7, 28]
    assert {y + height for _, y, height, _ in drawn} == {drawn[0][1]}


def test_signs_go_up_and_down_from_one_line() -> None:
    track = Track("x", "X", "", np.array([0.5, -1.0]), -1.0, 1.0, is_attribution=True)
    up, down = bars(track_picture(ProteinAnswers("a", "MK", (), (track,))))
    assert (up[3], down[3]) == ("up", "down")
    assert up[1] + up[2] == down[1]
    assert down[2] == 2 * up[2]


def test_every_letter_and_class_is_written() -> None:
    protein = proteins()[0]
    text = track_picture(protein)
    assert "".join(re.findall(r'class="letter">(.)<', text)) == protein.sequence
    assert "".join(re.findall(r'class="inside">(.)<', text)) == protein.tracks[0].letters
    assert "<title>M1: strand" not in text
    assert "<title>M1: helix" in text
    assert "does not apply" not in text


def test_no_tracks_no_picture() -> None:
    assert track_picture(ProteinAnswers("a", "MK", ())) == ""


def test_classes_have_the_colours_of_the_trace() -> None:
    track = Track("s", "S", "", np.ones(3), 0.0, 1.0, "HSO", {"H": "helix", "S": "strand", "O": "other"})
    kinds = re.findall(r'class="kind(\d)"', track_picture(ProteinAnswers("a", "MKV", (), (track,))))
    assert kinds == ["0", "1", "2"]
    colours = [paint.colour for paint in painted(track).paint]
    assert len(set(colours)) == 3
    assert painted(replace(track, letters="OSH")).paint[0].colour == colours[2]
