"""Contact maps of complexes: by hand, against all distances, and on real complexes."""

from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from protea.datasets.interactions.interface_contacts import (
    ContactDefinition,
    chain_pair_maps,
    contact_map,
    interface_maps,
)
from protea.datasets.sources.contact_labels import interface_residues
from protea.datasets.sources.members import members
from protea.errors import InputError
from protea.protein.chemistry import ATOM_CODE
from protea.protein.readers.read import read_structure_bytes
from protea.protein.record import Protein
from tests.datasets.made_proteins import made_protein

COMPLEX = made_protein("c", 60, seed=3, spread=40.0)


def distances(one: Protein, other: Protein, atoms: str) -> np.ndarray:
    """The least distance between the atoms that count, by all of them; infinite where there is none."""
    found = np.full((len(one), len(other)), np.inf)
    every = cdist(one.atom_position, other.atom_position)

    def counts(protein: Protein) -> np.ndarray:
        names = ["CA" if letter == "G" else "CB" for letter in protein.sequence]
        codes = np.array([ATOM_CODE[name] for name in names])[protein.residue_of_atom()]
        return np.ones(protein.num_atoms, bool) if atoms == "heavy" else protein.atom_code == codes

    rows, columns = np.flatnonzero(counts(one)), np.flatnonzero(counts(other))
    places = np.ix_(one.residue_of_atom()[rows], other.residue_of_atom()[columns])
    np.minimum.at(found, places, every[np.ix_(rows, columns)])
    return found


@pytest.mark.parametrize(("atoms", "cutoff"), [("cb", None), ("cb", 12.0), ("heavy", None), ("heavy", 3.0)])
def test_maps_are_those_of_all_distances(atoms: str, cutoff: float | None) -> None:
    definition = ContactDefinition(atoms=atoms, cutoff=cutoff)  # type: ignore[arg-type]
    assert definition.distance == (cutoff or {"cb": 8.0, "heavy": 5.0}[atoms])
    maps = interface_maps(COMPLEX, ("A",), ("B",), definition)
    between = distances(maps.first, maps.second, atoms)
    assert np.array_equal(maps.between, between <= definition.distance)
    within = distances(maps.first, maps.first, atoms)
    assert np.array_equal(maps.within_first, within <= definition.distance)
    assert np.array_equal(maps.within_second, maps.within_second.T)
    assert np.array_equal(maps.is_known_first, np.isfinite(within).any(1))
    assert maps.between.any()
    assert np.array_equal(maps.interface()[0], maps.between.any(1))
    assert np.array_equal(maps.interface()[1], maps.between.any(0))


def test_unknown_residues_have_no_contacts_and_are_told() -> None:
    maps = interface_maps(COMPLEX, ("A",), ("B",), ContactDefinition(cutoff=100.0))
    assert not maps.is_known_first.all()  # the record lacks some CB atoms
    assert np.array_equal(maps.between, maps.known_between())
    assert np.array_equal(np.diag(maps.within_first), maps.is_known_first)


def test_the_whole_map_is_made_of_its_parts() -> None:
    maps = interface_maps(COMPLEX, ("A",), ("B",))
    whole = contact_map(COMPLEX)
    length = len(maps.first)
    assert np.array_equal(whole[:length, :length], maps.within_first)
    assert np.array_equal(whole[length:, length:], maps.within_second)
    assert np.array_equal(whole[:length, length:], maps.between)


def test_chains_that_do_not_touch_make_no_pair() -> None:
    far = COMPLEX.replace(
        atom_position=COMPLEX.atom_position
        + (COMPLEX.chain_of[COMPLEX.residue_of_atom()][:, None] * 500).astype(np.float32)
    )
    assert list(chain_pair_maps(far)) == []
    assert [maps.id for maps in chain_pair_maps(COMPLEX)] == ["c_A_B"]
    number = int(next(chain_pair_maps(COMPLEX)).between.sum())
    assert list(chain_pair_maps(COMPLEX, min_contacts=number + 1)) == []
    assert len(list(chain_pair_maps(COMPLEX, min_contacts=number))) == 1


@pytest.mark.parametrize(("first", "second"), [(("A",), ("C",)), (("A",), ()), (("A", "B"), ("B",))])
def test_what_is_no_complex_is_refused(first: tuple[str, ...], second: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="c: not two sides of a complex; expected different chains of A, B"):
        interface_maps(COMPLEX, first, second)


def test_interfaces_of_real_complexes_are_those_of_the_docking_labels(shared_data: Path) -> None:
    definition, num_pairs = ContactDefinition(atoms="heavy", cutoff=3.5), 0
    for member in members(shared_data / "structures" / "formats.zip"):
        if num_pairs >= 4:
            return
        if not member.name.endswith((".pdb", ".cif")):
            continue
        for maps in chain_pair_maps(read_structure_bytes(member.name, member.data), definition):
            num_pairs += 1
            sides = ((maps.first, maps.second), (maps.second, maps.first))
            for found, (one, other) in zip(maps.interface(), sides, strict=True):
                assert np.array_equal(found, interface_residues(one, other, 3.5))
    raise AssertionError("fewer than four pairs of chains that touch")
