"""The weights that come with the package: whole, loaded without a network, small, and better than no weights."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
import torch

from protea.applications.language.perplexity import perplexities
from protea.encoders.language.model import LanguageModel
from protea.encoders.weights.language_models import load_language_model
from protea.encoders.weights.manifest import manifest
from protea.encoders.weights.places import SHIPPED
from protea.protein.readers.fasta import read_fasta

EXAMPLES = Path(__file__).parents[3] / "examples" / "proteins.fasta"
SHIPPED_ENTRIES = [entry for entry in manifest().values() if entry.is_shipped]


@pytest.fixture(scope="module")
def mini() -> LanguageModel:
    return load_language_model("protea_mini").model


def test_every_file_is_the_one_that_the_manifest_names_and_has_a_card() -> None:
    assert [entry.name for entry in SHIPPED_ENTRIES] == ["protea_mini"]
    for entry in SHIPPED_ENTRIES:
        for file in entry.files:
            content = (SHIPPED / file.place).read_bytes()
            assert (len(content), hashlib.sha256(content).hexdigest()) == (file.size, file.sha256)
            card = (SHIPPED / file.place).with_suffix(".md").read_text(encoding="utf-8")
            assert "held-out" in card
            assert "not good for" in card


def test_the_package_stays_small() -> None:
    package = SHIPPED.parents[2]
    folders = (SHIPPED, package / "predict" / "shipped_predictor", package / "predict" / "shipped_changes")
    sizes = [sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) for folder in folders]
    assert sizes[0] <= 20e6
    assert sum(sizes) <= 30e6


def test_real_proteins_are_likelier_than_their_letters_in_another_order(mini: LanguageModel) -> None:
    """Composition alone says the same of both."""
    random = np.random.default_rng(0)
    real, shuffled = [], []
    with torch.no_grad():
        for protein in read_fasta(EXAMPLES):
            letters = "".join(random.permutation(list(protein.sequence)))
            pair = perplexities([mini], [("real", protein.sequence), ("shuffled", letters)])
            for found, record in zip(pair, (real, shuffled), strict=True):
                record.append(found.log_likelihood / found.num_residues)
    assert np.mean(real) > np.mean(shuffled)
    assert np.exp(-np.mean(real)) < 18.0
