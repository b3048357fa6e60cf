"""The B-factor column is pLDDT when the file says so, and only then."""

import numpy as np
import pytest

from protea.protein.readers.plddt import has_unit_scale, plddt_reason


@pytest.mark.parametrize(
    "statement",
    ["ALPHAFOLD MONOMER V2.0 PREDICTION", "esmfold_v1", "Boltz-2", "chai-1", "Chai1", "B FACTOR COLUMN: PLDDT"],
)
def test_a_predictor_or_the_word_says_so(statement: str) -> None:
    assert plddt_reason(None, ["REFINED", statement]) == statement


@pytest.mark.parametrize(
    "statement", ["", "A CHAIR", "CHAI 10", "XPLDDT", "MYALPHAFOLD", "BOLT Z", "PREDICTED BY HAND"]
)
def test_words_that_only_look_alike_do_not(statement: str) -> None:
    assert plddt_reason(None, [statement]) is None


def test_boltzmann_is_no_predictor() -> None:
    assert plddt_reason(None, ["BOLTZMANN DISTRIBUTION OF ROTAMERS"]) is None


def test_only_ids_of_the_alphafold_database_count() -> None:
    assert plddt_reason("AF-Q8W3K0-F1-model_v4", []) == "entry AF-Q8W3K0-F1-model_v4 of the AlphaFold database"
    for entry in ("1ABC", "alphafold_run", "AF-Q8W3K0", "X-AF-Q8W3K0-F1", None):
        assert plddt_reason(entry, []) is None


def test_a_reason_is_one_short_line() -> None:
    assert plddt_reason(None, ["by  AlphaFold\n  again " + 200 * "x"]) == "by AlphaFold again " + 81 * "x"


@pytest.mark.parametrize(
    "method", ["X-RAY DIFFRACTION", "ELECTRON MICROSCOPY", "SOLUTION NMR", "X-ray diffraction; SOLUTION SCATTERING"]
)
def test_the_starting_model_of_an_experiment_makes_no_plddt_of_b_factors(method: str) -> None:
    for statement in ("STARTING MODEL: ALPHAFOLD", "TRIMMED WHERE PLDDT WAS BELOW 70", "AlphaFold"):
        assert plddt_reason("8ABC", [statement], method) is None
        assert plddt_reason("8ABC", [statement], "THEORETICAL MODEL") == statement
    assert plddt_reason(None, ["B FACTOR COLUMN: PLDDT"], method) == "B FACTOR COLUMN: PLDDT"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([0.0, 1.0], True),
        ([0.3, 0.9], True),
        ([0.3, 1.01], False),
        ([0.0, 0.0], False),
        ([np.nan, 0.9], True),
        ([np.nan], False),
        ([-0.1, 0.9], False),
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_unit_scale(value: list[float], expected: bool, dtype: type) -> None:
    assert has_unit_scale(np.array(value, dtype)) is expected
    assert has_unit_scale(np.zeros(0, dtype)) is False
