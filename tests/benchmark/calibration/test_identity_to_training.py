import numpy as np
import pytest

from protea.benchmark.calibration.identity_to_training import band_of, identity_to_training
from protea.errors import InputError

LETTERS = np.array(list("ACDEFGHIKLMNPQRSTVWY"))


def test_identity_of_a_copy_a_relative_and_a_stranger() -> None:
    rng = np.random.default_rng(0)
    known, stranger = ("".join(rng.choice(LETTERS, size=120)) for _ in range(2))
    relative = "".join(letter if i % 4 else "A" if letter != "A" else "G" for i, letter in enumerate(known))
    found = identity_to_training([known, relative, stranger], [known, "".join(rng.choice(LETTERS, size=120))])
    assert found[0] == pytest.approx(1.0)
    assert found[1] == pytest.approx(0.75, abs=0.03)
    assert found[2] == 0.0


def test_bands_and_their_borders() -> None:
    names = band_of(np.array([0.0, 0.3, 0.49, 0.5, 0.95, 1.0]))
    assert names.tolist() == ["below 30 %", "30 to 50 %", "30 to 50 %", "50 to 70 %", "90 % or more", "90 % or more"]
    lengths = band_of(np.array([50, 400]), (100, 300), "residues")
    assert lengths.tolist() == ["below 100 residues", "300 residues or more"]
    with pytest.raises(InputError, match="rising"):
        band_of(np.zeros(1), (0.5, 0.3))
