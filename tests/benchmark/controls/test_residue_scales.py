import torch

from protea.benchmark.controls.residue_scales import NUM_SCALES, RESIDUE_SCALES
from protea.protein.alphabets import NUM_RESIDUE_TYPES, STANDARD_LETTERS


def test_every_standard_residue_is_in_exactly_one_group() -> None:
    assert RESIDUE_SCALES.shape == (NUM_RESIDUE_TYPES, NUM_SCALES)
    assert (RESIDUE_SCALES[:20, 2:].sum(1) == 1).all()


def test_order_of_known_residues() -> None:
    row = {letter: RESIDUE_SCALES[index] for index, letter in enumerate(STANDARD_LETTERS)}
    assert row["I"][0] == 4.5
    assert row["R"][0] == -4.5
    assert row["W"][1] == RESIDUE_SCALES[:20, 1].max()
    assert row["K"][2] == row["D"][3] == row["F"][4] == row["L"][5] == row["S"][6] == row["P"][7] == 1


def test_the_unknown_residue_has_the_mean() -> None:
    torch.testing.assert_close(RESIDUE_SCALES[20], RESIDUE_SCALES[:20].mean(0))
