"""A wild type from a file or from letters, spelled as the model asks."""

from pathlib import Path

import pytest

from protea.applications.variants.wild_type import one_sequence, spelled_wild_type
from protea.datasets.sources.generated import generate_protein
from protea.encoders.language.esm2 import ESM2_VOCABULARY
from protea.encoders.language.saprot import SAPROT_VOCABULARY
from protea.encoders.language.saprot_structures import joined_with_own_structure
from protea.errors import InputError
from protea.protein.readers.read import read_protein
from protea.protein.writers.mmcif import write_mmcif


def test_a_file_or_letters(tmp_path: Path) -> None:
    path = tmp_path / "w.fasta"
    path.write_text(">p1 a protein\nMQI\nFV\n")
    assert one_sequence(str(path)) == ("p1", "MQIFV")
    assert one_sequence("MQIFV") == ("wild type", "MQIFV")
    # Longer than the name of a file may be (255), not too long for a path (4,095).
    assert one_sequence("A" * 300) == ("wild type", "A" * 300)
    path.write_text(">p1\nMQ\n>p2\nFV\n")
    with pytest.raises(InputError, match="2: p1, p2"):
        one_sequence(str(path))
    for wrong in ("absent.fasta", "mqifv", "MQ IF"):
        with pytest.raises(InputError, match="neither"):
            one_sequence(wrong)
    with pytest.raises(InputError, match="empty"):
        one_sequence("")


def test_spelling(tmp_path: Path) -> None:
    assert spelled_wild_type(ESM2_VOCABULARY, "MQI", None) == "MQI"
    assert spelled_wild_type(SAPROT_VOCABULARY, "MQI", "pvd") == "MpQvId"
    assert spelled_wild_type(SAPROT_VOCABULARY, "MQI", "PVD") == "MpQvId"
    assert spelled_wild_type(SAPROT_VOCABULARY, "MQI", "###") == "M#Q#I#"
    assert spelled_wild_type(SAPROT_VOCABULARY, "M" * 300, "p" * 300) == "Mp" * 300
    path = tmp_path / "s.fasta"
    path.write_text(">p1\nPVD\n")
    assert spelled_wild_type(SAPROT_VOCABULARY, "MQI", str(path)) == "MpQvId"


def test_structure_letters_where_they_do_not_belong() -> None:
    with pytest.raises(InputError, match="reads residues"):
        spelled_wild_type(ESM2_VOCABULARY, "MQI", "pvd")
    with pytest.raises(InputError, match="no structure"):
        spelled_wild_type(SAPROT_VOCABULARY, "MQI", None)
    with pytest.raises(InputError, match="differ in number"):
        spelled_wild_type(SAPROT_VOCABULARY, "MQI", "pv")


def test_letters_from_the_structure_itself(tmp_path: Path) -> None:
    protein, path = generate_protein(0, 0), tmp_path / "g.cif"
    write_mmcif(protein, path)
    found = spelled_wild_type(SAPROT_VOCABULARY, protein.sequence, str(path))
    assert found == joined_with_own_structure(read_protein(path))
    assert (found[::2], len(set(found[1::2])) > 3) == (protein.sequence, True)
    with pytest.raises(InputError, match="another sequence"):
        spelled_wild_type(SAPROT_VOCABULARY, protein.sequence[1:], str(path))
