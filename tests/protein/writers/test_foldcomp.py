"""The FoldComp writer: what the format cannot hold is refused before a byte is written."""

import numpy as np
import pytest

from protea.errors import InputError
from protea.protein.chemistry import ATOM_CODE
from protea.protein.readers.foldcomp.layout import parse_entry
from protea.protein.record import Protein, protein_from_sequence
from protea.protein.writers.foldcomp import RESIDUES_PER_ANCHOR, format_foldcomp
from tests.protein.readers.foldcomp.made_chain import full_chain

CHAIN = full_chain(0, length=60)


def test_angles_are_kept_within_half_a_step() -> None:
    entry = parse_entry("x", format_foldcomp(CHAIN))
    chain = CHAIN.backbone().position[:, :3].reshape(-1, 3).astype(np.float64)
    first, second = chain[:-1] - chain[1:], np.roll(chain, -1, 0)[1:] - chain[1:]
    cosine = (first * second).sum(-1) / np.linalg.norm(first, axis=-1) / np.linalg.norm(second, axis=-1)
    bend = np.arccos(cosine[:-1])[1:].reshape(-1, 3)
    for column, place in ((4, 0), (5, 1), (3, 2)):
        step = np.ptp(bend[:, place]) / 255
        assert np.abs(entry.angle[:-1, column] - bend[:, place]).max() <= step / 2 + 1e-5


def test_anchors_stand_every_25_residues() -> None:
    for length in (30, 49, 50, 75, 76):
        anchor = parse_entry("x", format_foldcomp(full_chain(0, length=length))).anchor
        assert len(anchor) == length // RESIDUES_PER_ANCHOR + 2
        assert np.diff(anchor)[:-1].max() <= RESIDUES_PER_ANCHOR


def torn(at: int) -> Protein:
    position = CHAIN.atom_position.copy()
    position[CHAIN.residue_of_atom() >= at] += 5.0
    return CHAIN.replace(atom_position=position)


def without(name: str) -> Protein:
    keep = CHAIN.atom_code != ATOM_CODE[name]
    counts = np.bincount(CHAIN.residue_of_atom()[keep], minlength=len(CHAIN))
    return CHAIN.replace(
        atom_code=CHAIN.atom_code[keep], atom_position=CHAIN.atom_position[keep], b_factor=CHAIN.b_factor[keep],
        atom_ptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("protein", "message"),
    [
        (torn(20), "a gap: .* after residue 20"),
        (without("CB"), "a heavy atom is missing.*no CB"),
        (CHAIN.replace(author_number=CHAIN.author_number + (np.arange(60) > 9)), "not consecutive"),
        (CHAIN.replace(author_number=CHAIN.author_number - 5), "first number"),
        (CHAIN.replace(sequence="X" + CHAIN.sequence[1:]), "other than the twenty"),
        (CHAIN.replace(residue_name=np.where(np.arange(60) == 7, "SEP", CHAIN.residue_name)), "a modified residue"),
        (CHAIN.replace(chain_ids=("A", "B"), seqres=()), "several chains"),
        (CHAIN.select_residues(np.arange(60) == 0), "too few"),
        (protein_from_sequence("s", "MKV"), "a heavy atom is missing"),
    ],
)
def test_what_the_format_cannot_hold_is_refused(protein: Protein, message: str) -> None:
    with pytest.raises(InputError, match=message):
        format_foldcomp(protein)


def test_a_record_without_b_factors_has_zeros() -> None:
    assert not parse_entry("x", format_foldcomp(CHAIN.replace(b_factor=None))).b_factor.any()
