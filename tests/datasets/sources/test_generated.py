import hashlib
import itertools

import numpy as np
import pytest
from pydantic import ValidationError

from protea.datasets.sources.generated import (
    POSITION_STEP,
    GeneratedConfig,
    generate_protein,
    mirror_image,
    original_id,
)
from protea.datasets.sources.interface import SourceReport
from protea.datasets.store import Store, StoreWriter
from protea.protein.alphabets import STANDARD_LETTERS
from protea.protein.record import Protein


@pytest.fixture(scope="module")
def proteins() -> list[Protein]:
    return list(GeneratedConfig(num_proteins=24, with_mirrors=False).proteins())


def digest(protein: Protein) -> str:
    return hashlib.sha256(protein.sequence.encode() + protein.atom_position.tobytes()).hexdigest()


def test_same_seed_same_bytes_and_protein_i_does_not_depend_on_the_others(proteins: list[Protein]) -> None:
    assert digest(generate_protein(0, 17)) == digest(proteins[17])
    few = list(itertools.islice(GeneratedConfig(num_proteins=10_000, with_mirrors=False).proteins(), 3))
    assert [digest(protein) for protein in few] == [digest(protein) for protein in proteins[:3]]
    assert digest(generate_protein(1, 17)) != digest(proteins[17])


def test_lengths_and_chemistry(proteins: list[Protein]) -> None:
    lengths = [len(protein) for protein in proteins]
    assert min(lengths) >= 40
    assert max(lengths) <= 150
    assert np.std(lengths) > 20
    for protein in proteins:
        backbone = protein.backbone()
        assert backbone.is_resolved.all()
        step = np.linalg.norm(np.diff(backbone.position[:, 1], axis=0), axis=-1)
        np.testing.assert_allclose(step, 3.80, atol=0.06)  # trans peptides
        has_cb = np.diff(protein.atom_ptr) == 5
        assert (has_cb == (np.array(list(protein.sequence)) != "G")).all()


def test_radius_and_contacts_are_those_of_real_chains(proteins: list[Protein]) -> None:
    ratio, contacts = [], []
    for protein in proteins:
        ca, _ = protein.ca()
        length = len(ca)
        gap = np.linalg.norm(ca[:, None] - ca[None], axis=-1)
        row, column = np.triu_indices(length, 12)
        contacts.append((gap[row, column] < 8).sum() / length)
        ratio.append(np.sqrt(((ca - ca.mean(0)) ** 2).sum(-1).mean()) / (2.2 * length**0.38))
        assert gap[np.triu_indices(length, 3)].min() > 3.69
    assert 0.85 < np.median(ratio) < 1.15
    # 249 real chains of 40-150 residues: median 1.3, tenth to ninetieth percentile 0.8 to 1.9.
    assert 0.8 < np.median(contacts) < 1.9


def test_residue_types_are_uniform_and_independent_along_the_chain() -> None:
    types = []
    for index in range(300):
        rng = np.random.default_rng([0, index])
        length = int(rng.integers(40, 151))
        types.append(rng.integers(20, size=length))
    # What `generate_protein` draws first (checked here against it), without the cost of folding.
    assert generate_protein(0, 3).sequence == "".join(STANDARD_LETTERS[code] for code in types[3])
    table = np.zeros((20, 20))
    for row in types:
        np.add.at(table, (row[:-4], row[4:]), 1)
    expected = table.sum() / 400
    chi_squared = ((table - expected) ** 2 / expected).sum()
    assert chi_squared < 399 + 4 * np.sqrt(2 * 399)


def test_mirror_image_has_the_same_distances_bit_for_bit_and_the_other_hand(proteins: list[Protein]) -> None:
    for protein in proteins[:5]:
        mirror = mirror_image(protein)
        assert (mirror.id, original_id(mirror.id), original_id(protein.id)) == (
            f"{protein.id}m",
            protein.id,
            protein.id,
        )
        assert mirror.sequence == protein.sequence
        ca, mirrored = protein.ca()[0], mirror.ca()[0]
        squared = ((ca[:, None] - ca[None]) ** 2).sum(-1)
        assert np.array_equal(squared, ((mirrored[:, None] - mirrored[None]) ** 2).sum(-1))
        volume = np.linalg.det(np.stack([ca[1:-2] - ca[:-3], ca[2:-1] - ca[:-3], ca[3:] - ca[:-3]], axis=1))
        other = np.linalg.det(
            np.stack([mirrored[1:-2] - mirrored[:-3], mirrored[2:-1] - mirrored[:-3], mirrored[3:] - mirrored[:-3]], 1)
        )
        np.testing.assert_allclose(volume, -other, atol=1e-3)
        assert np.abs(volume).max() > 5


def test_store_keeps_every_position_exactly(proteins: list[Protein], tmp_path) -> None:
    records = [*proteins[:3], *(mirror_image(protein) for protein in proteins[:3])]
    with StoreWriter(tmp_path / "store") as writer:
        for protein in records:
            assert np.array_equal(
                protein.atom_position / np.float32(POSITION_STEP) % 1, np.zeros_like(protein.atom_position)
            )
            writer.append(protein)
    for kept, protein in zip(Store(tmp_path / "store"), records, strict=True):
        assert np.array_equal(kept.atom_position, protein.atom_position)
        assert np.array_equal(kept.atom_code, protein.atom_code)


def test_mirrors_follow_their_original_and_are_counted() -> None:
    report = SourceReport()
    ids = [protein.id for protein in GeneratedConfig(num_proteins=2, min_length=40, max_length=45).proteins(report)]
    assert ids == ["g000000", "g000000m", "g000001", "g000001m"]
    assert report.num_proteins == 4


def test_fingerprint_follows_every_setting() -> None:
    base = GeneratedConfig()
    assert base.fingerprint() == GeneratedConfig().fingerprint()
    others = [
        base.model_copy(update=change)
        for change in (
            {"seed": 1},
            {"num_proteins": 7},
            {"min_length": 50},
            {"max_length": 60},
            {"with_mirrors": False},
        )
    ]
    assert len({config.fingerprint() for config in (base, *others)}) == 6


def test_contradictory_lengths_are_refused() -> None:
    with pytest.raises(ValidationError, match="min_length 100 exceeds max_length 50"):
        GeneratedConfig(min_length=100, max_length=50)
