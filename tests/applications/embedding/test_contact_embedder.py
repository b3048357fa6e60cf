"""Stored contacts are those that the model predicts of each chain, and the folder knows the model and the head."""

from pathlib import Path

import numpy as np
import pytest
import torch

from protea.applications.embedding.contact_embedder import contact_embedder
from protea.applications.embedding.embed import embed
from protea.datasets.stored_contacts import StoredContacts, contact_columns
from protea.datasets.stored_embeddings import read_embeddings
from protea.encoders.language.model import LanguageModel
from protea.errors import ConfigError
from tests.encoders.language.tiny_models import tiny_esm2

SEQUENCES = {"one": "MKTAYIAKQRQISFVK", "short": "ACD"}


def written(folder: Path, model: LanguageModel, *, digest: str = "w", head: Path | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "some.fasta"
    file.write_text("".join(f">{name}\n{letters}\n" for name, letters in SEQUENCES.items()))
    embed(contact_embedder(model, [digest], {}, "tiny", 4, head), [file], folder / "out", levels=("residue",))
    return folder / "out"


def test_the_folder_holds_what_the_model_predicts(tmp_path: Path) -> None:
    model = tiny_esm2()
    found = read_embeddings(written(tmp_path, model))
    for row, letters in enumerate(SEQUENCES.values()):
        with torch.no_grad():
            contacts = model(model.tokens([letters]), contacts=True).contacts
        assert contacts is not None
        expected = contact_columns(contacts[0].numpy(), 4)
        np.testing.assert_allclose(found.of_residues(row), expected, atol=1e-6)
    assert (found.of_residues(0)[:, 4] > 0).all()
    assert not found.of_residues(1).any()  # too short for any pair


def test_its_digest_knows_weights_and_head(tmp_path: Path) -> None:
    heads = [tmp_path / "a.bin", tmp_path / "b.bin"]
    for number, head in enumerate(heads):
        head.write_bytes(bytes([number]))
    folders = [
        written(tmp_path / "0", tiny_esm2()),
        written(tmp_path / "1", tiny_esm2(), digest="v"),
        *(written(tmp_path / head.stem, tiny_esm2(), head=head) for head in heads),
    ]
    assert len({StoredContacts(folder, 4).made_by for folder in folders}) == 4


def test_a_model_without_a_head_is_refused() -> None:
    model = tiny_esm2()
    model.contact_head = None
    with pytest.raises(ConfigError, match="predicts no contacts"):
        contact_embedder(model, ["w"], {}, "tiny", 4)
