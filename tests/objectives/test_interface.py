"""Randomness of corruptions is a pure function of seed, epoch, purpose and protein."""

import torch

from protea.objectives.interface import Corruption


def drawn(seed: int, epoch: int, protein: str, purpose: str) -> float:
    return float(torch.rand((), generator=Corruption(seed, epoch).generator(protein, purpose), dtype=torch.float64))


def test_the_same_key_gives_the_same_numbers() -> None:
    assert drawn(1, 2, "1abc", "noise") == drawn(1, 2, "1abc", "noise")


def test_every_part_of_the_key_matters() -> None:
    keys = [(0, 0, "a", "x"), (1, 0, "a", "x"), (0, 1, "a", "x"), (0, -1, "a", "x"), (0, 0, "b", "x"), (0, 0, "a", "y")]
    assert len({drawn(*key) for key in keys}) == len(keys)


def test_the_numbers_are_the_same_in_every_process_and_version() -> None:
    # Python's own hash of a string differs from process to process; a resumed run must not.
    assert drawn(0, 0, "1abc", "noise") == 0.4312537525615453


def test_the_global_generator_is_left_alone() -> None:
    before = torch.random.get_rng_state()
    drawn(0, 0, "a", "x")
    assert torch.equal(torch.random.get_rng_state(), before)
