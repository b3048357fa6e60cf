from pathlib import Path

import numpy as np
import pytest

from protea.applications.interactions.protein_columns import embedded_rows, protein_columns, sequence_triads
from protea.datasets.embedding_table import Embeddings
from protea.errors import InputError


def test_composition_and_length_worked_by_hand() -> None:
    found = protein_columns(["AACX"], ("composition", "length"))
    assert found.shape == (1, 21)
    assert found.dtype == np.float32
    assert found[0, :2].tolist() == [0.5, 0.25]
    assert found[0, 2:20].tolist() == [0] * 18
    assert found[0, 20] == pytest.approx(np.log(4), abs=1e-6)


def test_triads_count_triples_of_classes() -> None:
    # A G V are class 0, I L F P class 1: AIL is (0, 1, 1) and GLF too
    assert np.array_equal(sequence_triads("AIL"), sequence_triads("GLF"))
    assert sequence_triads("AIL")[0 * 49 + 1 * 7 + 1] == 1.0
    assert sequence_triads("AILA").sum() == pytest.approx(1.0)
    assert np.flatnonzero(sequence_triads("AILA")).tolist() == [8, 56]


def test_triples_with_an_unusual_letter_are_not_counted_and_short_sequences_have_none() -> None:
    assert np.array_equal(sequence_triads("AILX"), sequence_triads("AIL"))
    assert not sequence_triads("AI").any()
    assert not sequence_triads("").any()


def test_embeddings_that_are_not_given_are_asked_for() -> None:
    with pytest.raises(InputError, match="no embeddings are given"):
        protein_columns(["AIL"], ("embedding",))


def test_a_folder_without_embeddings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        protein_columns(["AIL"], ("embedding",), tmp_path)


def test_embeddings_are_found_by_the_letters_that_are_stored(tmp_path: Path) -> None:
    """A folder of `protea embed` holds X for selenocysteine and all else that is not standard."""
    stored = Embeddings(("a", "b"), ("x", "x"), ("MKV", "MXG"), np.array([0, 3, 6]), {}, (), {})
    assert embedded_rows(["MUG", "MKV", "MXG"], stored, tmp_path).tolist() == [1, 0, 1]
    with pytest.raises(InputError, match="1 of 2 sequences are not embedded"):
        embedded_rows(["MKV", "MK"], stored, tmp_path)
