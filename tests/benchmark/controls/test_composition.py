import numpy as np
import torch

from protea.benchmark.controls.composition import COMPOSITION, COMPOSITION_FEATURES
from protea.benchmark.suites.diagnostics import Diagnostics
from protea.protein.batch import pack
from protea.protein.record import Protein
from tests.benchmark.controls.suites import (
    BINARY,
    PROTEIN_CLASS,
    SiteSuite,
    ca_protein,
    control_data,
    protein_labelled,
    random_sequence,
    suite_data,
)

HELIX_COLUMN, STRAND_COLUMN, LENGTH_COLUMN, CONTACT_ORDER_COLUMN = 21, 22, 26, 28


def _helix(length: int, seed: int = 0) -> Protein:
    place = np.arange(length)
    angle = np.deg2rad(100) * place
    position = np.stack([2.3 * np.cos(angle), 2.3 * np.sin(angle), 1.5 * place], axis=1)
    return ca_protein(f"h{seed}", random_sequence(length, np.random.default_rng(seed)), position)


def _strand(length: int, seed: int = 0) -> Protein:
    place = np.arange(length)
    position = np.stack([3.4 * place, 0.9 * (place % 2), 0.0 * place], axis=1)
    return ca_protein(f"s{seed}", random_sequence(length, np.random.default_rng(seed)), position)


def _hairpin(length: int) -> Protein:
    """Two strands 5 angstrom apart that run against each other."""
    half = length // 2
    place = np.concatenate([np.arange(half), np.arange(half)[::-1]])
    position = np.stack([3.4 * place, 0.9 * (place % 2), 5.0 * (np.arange(2 * half) >= half)], axis=1)
    return ca_protein("hairpin", "A" * 2 * half, position)


def test_secondary_structure_of_ideal_traces() -> None:
    found = COMPOSITION_FEATURES.compute(pack([_helix(40), _strand(40)]))
    assert found[0, HELIX_COLUMN] == 36 / 40
    assert found[0, STRAND_COLUMN] == 0
    assert found[1, HELIX_COLUMN] == 0
    assert found[1, STRAND_COLUMN] == 36 / 40
    assert found[:, LENGTH_COLUMN].tolist() == [40, 40]


def test_composition_is_the_share_of_each_type() -> None:
    protein = ca_protein("a", "AAAC", np.arange(12).reshape(4, 3))
    assert COMPOSITION_FEATURES.compute(pack([protein]))[0, :21].tolist() == [0.75, 0.25, *[0.0] * 19]


def test_contacts_of_a_hairpin() -> None:
    found = COMPOSITION_FEATURES.compute(pack([_hairpin(40), _strand(40)]))
    # Place i faces place 39 - i: separations 39, 37, ... 1, and their neighbours; a strand alone has no contact.
    assert found[0, CONTACT_ORDER_COLUMN] > 0.3
    assert found[1, CONTACT_ORDER_COLUMN] == 0
    parallel, antiparallel = found[0, CONTACT_ORDER_COLUMN + 4 : CONTACT_ORDER_COLUMN + 6].tolist()
    assert antiparallel > 0.3
    assert parallel == 0


def test_features_do_not_know_the_batch() -> None:
    proteins = [_helix(30), _hairpin(24), _strand(17)]
    alone = torch.cat([COMPOSITION_FEATURES.compute(pack([protein])) for protein in proteins])
    torch.testing.assert_close(COMPOSITION_FEATURES.compute(pack(proteins)), alone, atol=1e-5, rtol=1e-5)


def test_it_tells_helical_from_extended_proteins_and_test_labels_change_nothing() -> None:
    def scores(test_class: int) -> tuple[np.ndarray, np.ndarray]:
        made = [
            protein_labelled((_helix if index % 2 else _strand)(30 + index, index), index % 2) for index in range(50)
        ]
        made[-2:] = [protein_labelled(protein, test_class) for protein in made[-2:]]
        data = control_data(suite_data(made, 40, 4), PROTEIN_CLASS)
        found = COMPOSITION.run(data, {"y": PROTEIN_CLASS}, 0, 0).predictions["main"]["y"]
        return found.predicted_class, found.ids

    predicted, ids = scores(2)
    np.testing.assert_array_equal(predicted, [name.startswith("h") for name in ids])
    np.testing.assert_array_equal(predicted, scores(0)[0])


def test_it_answers_labels_of_proteins_only() -> None:
    assert COMPOSITION.applies_to(SiteSuite(), PROTEIN_CLASS)
    assert not COMPOSITION.applies_to(SiteSuite(), BINARY)
    assert not COMPOSITION.applies_to(Diagnostics(), PROTEIN_CLASS)


def test_a_protein_does_not_depend_on_its_neighbours_in_the_batch() -> None:
    # The second strand runs on beyond the first residue, which is so a strand residue with a pair.
    place = np.concatenate([np.arange(20), np.arange(19, -7, -1)])
    position = np.stack([3.4 * place, 0.9 * (place % 2), 5.0 * (np.arange(46) >= 20)], axis=1)
    middle = ca_protein("long hairpin", "A" * 46, position)
    alone = COMPOSITION_FEATURES.compute(pack([middle]))
    for shift in (-300.0, 300.0):
        before = _helix(30)
        before = before.replace(atom_position=before.atom_position + np.float32([shift, 0, 0]))
        among = COMPOSITION_FEATURES.compute(pack([before, middle, _strand(35, 1)]))
        torch.testing.assert_close(among[1:2], alone, rtol=0, atol=1e-5)


def test_the_hidden_place_of_a_missing_atom_changes_nothing() -> None:
    whole = _hairpin(40)
    is_kept = np.arange(40) != 20
    lacking = whole.replace(
        atom_ptr=np.concatenate([[0], np.cumsum(is_kept)]),
        atom_code=whole.atom_code[is_kept],
        atom_position=whole.atom_position[is_kept],
    )
    far = lacking.replace(atom_position=lacking.atom_position + np.float32(300.0))
    found, moved = (COMPOSITION_FEATURES.compute(pack([protein])) for protein in (lacking, far))
    torch.testing.assert_close(found, moved, rtol=0, atol=1e-3)
