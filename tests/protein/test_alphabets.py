import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protea.errors import InputError
from protea.protein.alphabets import PROTEA, PROTEIN_WORKSHOP, conversion_table, encode_sequence


def test_letters_get_their_places() -> None:
    assert encode_sequence("ACWYX").tolist() == [0, 1, 18, 19, 20]
    assert encode_sequence("BJOUZ").tolist() == [20] * 5


@given(st.text(alphabet=PROTEA.letters, max_size=50))
def test_encoding_goes_back(sequence: str) -> None:
    assert "".join(PROTEA.letters[i] for i in encode_sequence(sequence)) == sequence


@pytest.mark.parametrize(
    ("sequence", "place"), [("AC-", "position 3"), ("aC", "position 1"), ("A ", "position 2"), ("Aé", "position 2")]
)
def test_other_characters_are_refused_with_their_place(sequence: str, place: str) -> None:
    with pytest.raises(InputError, match=place):
        encode_sequence(sequence)


def test_conversion_goes_there_and_back() -> None:
    there, back = conversion_table(PROTEA, PROTEIN_WORKSHOP), conversion_table(PROTEIN_WORKSHOP, PROTEA)
    assert (back[there] == np.arange(21)).all()
    # B and J and Z have no place of their own in Protea's order: they become X.
    assert back[PROTEIN_WORKSHOP.letters.index("B")] == 20
