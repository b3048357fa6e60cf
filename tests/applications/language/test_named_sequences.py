"""Sequences from a FASTA file in its order, or from letters."""

from pathlib import Path

import pytest

from protea.applications.language.named_sequences import named_sequences
from protea.errors import InputError


def test_a_file_or_letters(tmp_path: Path) -> None:
    path = tmp_path / "s.fasta"
    path.write_text(">b\nMQI\n>a x\nFV\n")
    assert list(named_sequences(str(path))) == [("b", "MQI"), ("a", "FV")]
    assert list(named_sequences("MQIFV")) == [("sequence", "MQIFV")]
    for length in (300, 5000):  # too long for the name of a file, and for a path
        assert list(named_sequences("A" * length)) == [("sequence", "A" * length)]
    for wrong in ("absent.fasta", "mqi", "MQ<mask>"):
        with pytest.raises(InputError, match="neither"):
            list(named_sequences(wrong))
    with pytest.raises(InputError, match="empty"):
        list(named_sequences(""))
