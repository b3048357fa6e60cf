from collections import Counter

import numpy as np
import pytest

from protea.benchmark.suites.diagnostics_labels import (
    APOLAR,
    BASIN_NAMES,
    SEQUENCE_OFFSET,
    STEP_RADIUS,
    basin_of_torsions,
    diagnostic_labels,
    step_matrix,
)
from protea.benchmark.suites.diagnostics_questions import DIAGNOSTICS
from protea.datasets.sources.generated import generate_protein, mirror_image
from protea.errors import InputError
from protea.protein.alphabets import STANDARD_LETTERS
from protea.protein.record import Protein


@pytest.fixture(scope="module")
def protein() -> Protein:
    return generate_protein(0, 0)


@pytest.fixture(scope="module")
def labels(protein: Protein) -> dict:
    return dict(diagnostic_labels(protein))


def test_every_question_has_its_label(protein: Protein, labels: dict) -> None:
    assert list(labels) == list(DIAGNOSTICS)
    for name, label in labels.items():
        assert label.level == DIAGNOSTICS[name].level
        if label.level == "residue":
            assert len(label.value) == len(protein)
        if DIAGNOSTICS[name].num_classes:
            assert label.value[label.is_known].max() < DIAGNOSTICS[name].num_classes


def test_mirror_changes_the_hand_and_the_basin_and_nothing_else(protein: Protein, labels: dict) -> None:
    mirrored = diagnostic_labels(mirror_image(protein))
    assert (int(labels["handedness"].value), int(mirrored["handedness"].value)) == (1, 0)
    known = labels["backbone_basin"].is_known
    # Never the same: a model that cannot tell the hands apart gets at most one of each pair right.
    assert (mirrored["backbone_basin"].value[known] == (labels["backbone_basin"].value[known] + 2) % 4).all()
    for name in set(labels) - {"handedness", "backbone_basin"}:
        np.testing.assert_array_equal(mirrored[name].value, labels[name].value, err_msg=name)
        np.testing.assert_array_equal(mirrored[name].is_known, labels[name].is_known, err_msg=name)


def test_rotation_and_translation_change_nothing(protein: Protein, labels: dict) -> None:
    # A quarter turn and a shift by whole steps of the position grid are exact, so that counts must be equal.
    turned = protein.atom_position[:, [1, 0, 2]] * np.array([-1, 1, 1], dtype=np.float32) + np.float32(12.5)
    moved = diagnostic_labels(protein.replace(atom_position=turned))
    for name, label in labels.items():
        np.testing.assert_array_equal(moved[name].value, label.value, err_msg=name)


def test_counts_against_a_plain_loop(protein: Protein, labels: dict) -> None:
    ca = protein.ca()[0].astype(np.float64)
    near = {
        i: [j for j in range(len(ca)) if j != i and np.linalg.norm(ca[i] - ca[j]) < STEP_RADIUS] for i in range(len(ca))
    }
    assert [len(near[i]) for i in near] == labels["burial"].value.tolist()
    for i in near:
        walks = Counter(k for j in near[i] for k in near[j])
        signed = sum(count * (1 if protein.sequence[k] in APOLAR else -1) for k, count in walks.items() if k != i)
        assert signed == labels["two_step_walks"].value[i]
        far = [abs(i - j) for j in near[i] if abs(i - j) >= 3]
        assert labels["contact_order"].is_known[i] == bool(far)
        if far:
            assert labels["contact_order"].value[i] == pytest.approx(np.mean(far), rel=1e-6)
    i = len(ca) // 2
    away = (ca[i] - ca[i - 1]) / np.linalg.norm(ca[i] - ca[i - 1]) + (ca[i] - ca[i + 1]) / np.linalg.norm(
        ca[i] - ca[i + 1]
    )
    above = sum((ca[j] - ca[i]) @ away > 0 for j in near[i])
    assert labels["half_sphere_bisector"].value[i] == above - (len(near[i]) - above)
    assert labels["half_sphere_bisector"].is_known.tolist() == [False] + [True] * (len(ca) - 2) + [False]


def test_walks_are_counted_and_not_residues(protein: Protein, labels: dict) -> None:
    step = step_matrix(protein.ca()[0].astype(np.float64))
    sign = np.array([1 if letter in APOLAR else -1 for letter in protein.sequence])
    reached = (step.astype(int) @ step.astype(int) > 0) & ~np.eye(len(sign), dtype=bool)
    assert not np.array_equal(reached @ sign, labels["two_step_walks"].value)
    assert len(APOLAR) == len(STANDARD_LETTERS) // 2


def test_later_residue_is_the_sequence_shifted(protein: Protein, labels: dict) -> None:
    label = labels["residue_type_plus_4"]
    text = "".join(STANDARD_LETTERS[code] for code in label.value[label.is_known])
    assert text == protein.sequence[SEQUENCE_OFFSET:]
    assert not label.is_known[-SEQUENCE_OFFSET:].any()


def test_half_sphere_of_glycine_is_unknown(protein: Protein, labels: dict) -> None:
    is_glycine = np.array(list(protein.sequence)) == "G"
    assert is_glycine.any()
    np.testing.assert_array_equal(labels["half_sphere_cb"].is_known, ~is_glycine)
    both = labels["half_sphere_cb"].is_known & labels["half_sphere_bisector"].is_known
    # Two different directions: related, not the same.
    assert (labels["half_sphere_cb"].value[both] != labels["half_sphere_bisector"].value[both]).mean() > 0.3


@pytest.mark.parametrize(
    ("phi", "psi", "name"),
    [(-60, -45, "helical"), (-120, 130, "extended"), (-70, 150, "extended"), (57, 40, "mirrored helical"),
     (60, 45, "mirrored helical"), (120, -130, "mirrored extended"), (-80, 0, "helical")],
)  # fmt: skip
def test_basins_of_textbook_angles(phi: float, psi: float, name: str) -> None:
    found = basin_of_torsions(np.radians([phi]), np.radians([psi]))
    assert BASIN_NAMES[found[0]] == name


def test_helices_and_strands_as_drawn_lie_in_their_basins(protein: Protein, labels: dict) -> None:
    drawn = np.array(list(protein.provenance.notes[0].split(": ")[1]))
    basin, known = labels["backbone_basin"].value, labels["backbone_basin"].is_known
    assert (basin[(drawn == "H") & known] == 0).all()
    assert (basin[(drawn == "E") & known] == 1).all()


def test_sixteen_neighbours_hold_the_contacts_at_8_angstrom_but_not_at_10() -> None:
    """A graph of 16 nearest neighbours answers burial at 8 angstrom; at 10 every second residue has more than 16."""
    over = {8.0: [], 10.0: []}
    for index in range(5):
        ca = generate_protein(0, index).ca()[0].astype(np.float64)
        gap = np.linalg.norm(ca[:, None] - ca[None], axis=-1)
        for radius, rows in over.items():
            rows.append((gap < radius).sum(1) - 1 > 16)
    share = {radius: np.concatenate(rows).mean() for radius, rows in over.items()}
    assert share[8.0] < 0.02
    assert share[10.0] > 0.2


def test_a_missing_atom_is_refused(protein: Protein) -> None:
    keep = np.ones(protein.num_atoms, dtype=bool)
    keep[0] = False
    ptr = protein.atom_ptr - np.concatenate([[0], np.ones(len(protein), np.int64)])
    broken = protein.replace(
        atom_ptr=ptr, atom_code=protein.atom_code[keep], atom_position=protein.atom_position[keep], b_factor=None
    )
    with pytest.raises(InputError, match="g000000: atoms are missing"):
        diagnostic_labels(broken)
