"""`protea sequence store-contacts`: a folder that a scheme's contacts read."""

from pathlib import Path

from protea.datasets.stored_contacts import StoredContacts
from tests.cli.command import protea, protea_json
from tests.cli.language_weights import TINY, write_weights


def test_a_folder_of_contacts(tmp_path: Path) -> None:
    fasta, weights, out = tmp_path / "s.fasta", write_weights(tmp_path / "w.safetensors"), tmp_path / "out"
    fasta.write_text(">a\nMQIFVKTLTGKT\n>b\nWWAAWWAAW\n")
    words = ("sequence", "store-contacts", fasta, "--weights", weights, *TINY, "--out", out, "--partners", "3")
    assert protea_json(*words)["proteins"] == 2
    StoredContacts(out, 3).require(["a", "b"], [12, 9])
    again = protea("sequence", "store-contacts", fasta, "--weights", weights, *TINY, "--out", out, "--partners", "4")
    assert again.code == 2
