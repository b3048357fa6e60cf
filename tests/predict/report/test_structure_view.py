"""The view draws each residue where it is, joins no gap, keeps the hand, and says in words what it shows."""

import json
import re
from dataclasses import replace

import numpy as np

from protea.predict.answer import ProteinAnswers
from protea.predict.chains import chains_of
from protea.predict.report.structure_view import HEIGHT, WIDTH, safe_json, structure_view
from tests.predict.made_answers import tracks
from tests.predict.made_chains import SEQUENCE, helix, made_chain

MISSING = (0, 20, 21)


def answers() -> ProteinAnswers:
    (chain,) = chains_of(made_chain(unobserved=MISSING))
    return ProteinAnswers("one", SEQUENCE, (), tracks(len(SEQUENCE)), chain)


def data(text: str) -> dict:
    found = re.search(r'class="data">(.*?)</script>', text)
    assert found is not None
    return json.loads(found[1])


def test_distances_and_the_hand_are_kept() -> None:
    found = np.array(data(structure_view(answers(), "a"))["at"])
    own = np.delete(helix(len(SEQUENCE)), MISSING, axis=0)
    distances = [np.linalg.norm(at[:, None] - at[None], axis=-1) for at in (found, own)]
    np.testing.assert_allclose(distances[0], distances[1], atol=0.03)

    def volume(at: np.ndarray) -> float:
        return float(np.linalg.det(at[[3, 9, 14]] - at[0]))

    assert np.sign(volume(found)) == np.sign(volume(own))


def test_the_script_has_every_residue_and_no_line_over_a_gap() -> None:
    found = data(structure_view(answers(), "a"))
    number = len(SEQUENCE) - len(MISSING)
    assert len(found["at"]) == len(found["joined"]) == number
    assert [row for row, one in enumerate(found["joined"]) if not one] == [18, number - 1]
    assert (found["name"][0], found["name"][19]) == ("K12", "L33")
    assert set(found["tracks"]) == {track.name for track in answers().tracks}
    for track in found["tracks"].values():
        assert len(track["paint"]) == len(track["words"]) == number
        assert max(track["paint"]) < len(found["palette"])


def test_the_first_view_is_there_without_a_script() -> None:
    text = structure_view(answers(), "a")
    pieces = re.findall(
        r'd="M([\d.]+) ([\d.]+)Q([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)" stroke="[^"]+" [^>]*class="halo"', text
    )
    places = np.array(pieces, dtype=float)
    assert len(places) == len(SEQUENCE) - len(MISSING)
    assert places.min() >= 0
    assert places[:, ::2].max() <= WIDTH
    assert places[:, 1::2].max() <= HEIGHT
    # Each piece ends where another begins, but at the ends of the two stretches.
    starts, ends = ({tuple(row) for row in places[:, part].tolist()} for part in (slice(0, 2), slice(4, 6)))
    assert len(starts - ends) == len(ends - starts) == 2


def test_it_is_labelled_and_told_in_words() -> None:
    text = structure_view(answers(), "protein-1")
    words = "52 of 55 residues have coordinates, numbered 12 to 65 by the author, 1 gap."
    assert text.count(words) >= 2
    assert 'role="img"' in text
    assert "Coloured by Secondary structure: helix" in text
    assert '<label for="protein-1-colour">Colour by</label><select id="protein-1-colour">' in text
    for button in re.findall(r"<button[^>]*>", text):
        assert "aria-label" in button or 'data-turn="back"' in button


def test_without_atoms_or_tracks() -> None:
    assert structure_view(replace(answers(), structure=None), "a") == ""
    assert "Coloured by nothing" in structure_view(replace(answers(), tracks=()), "a")
    one = made_chain(unobserved=tuple(range(1, len(SEQUENCE))))
    (chain,) = chains_of(one)
    assert "1 of 55 residues" in structure_view(ProteinAnswers("one", SEQUENCE, (), (), chain), "a")


def test_json_cannot_end_a_script() -> None:
    text = safe_json({"a": "</script>&"})
    assert "<" not in text
    assert json.loads(text) == {"a": "</script>&"}


def test_no_name_makes_the_page_go_on_inside_a_script() -> None:
    (chain,) = chains_of(made_chain().replace(id="<!--<script></script>"))
    text = structure_view(ProteinAnswers(chain.id, chain.sequence, (), structure=chain), "a", has_molstar=True)
    found = re.search(r'<script type="text/plain" class="mmcif">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    assert "_atom_site" in found[1]
    assert "<!--" not in text
