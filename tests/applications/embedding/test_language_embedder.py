"""A sequence gets the states of the model read alone, whatever is embedded beside it; long ones in stated windows."""

from pathlib import Path

import numpy as np
import pytest
import torch

from protea.applications.embedding.embed import embed
from protea.applications.embedding.inputs import parse_shard
from protea.applications.embedding.language_embedder import LanguageEmbedder
from protea.datasets.stored_embeddings import read_embeddings
from protea.encoders.language.model import LanguageModel
from protea.encoders.language.protea_mini import ProteaMiniConfig
from protea.encoders.language.saprot import SaProtConfig
from protea.encoders.language.windows import WindowPolicy
from protea.errors import ConfigError, InputError
from protea.protein.record import protein_from_sequence
from tests.encoders.language.tiny_models import tiny_esm2

SEQUENCES = {"long": "MKTAYIAKQRQISFVKSHFSRQ" * 3, "one": "A", "same": "ACDEFG", "twin": "ACDEFG", "odd": "MBUXZO"}
IDENTITY = {"weights_sha256": "w", "config_sha256": "c"}


def model_of(seed: int = 0) -> LanguageModel:
    torch.manual_seed(seed)
    return ProteaMiniConfig(num_layers=2, width=64).build().eval()


def fasta(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "some.fasta"
    file.write_text("".join(f">{name}\n{letters}\n" for name, letters in SEQUENCES.items()))
    return file


@torch.no_grad()
def alone(model: LanguageModel, letters: str, layer: int | None = None) -> np.ndarray:
    tokens = model.tokens([letters])
    reading = model(tokens, states=() if layer is None else (layer,))
    return (reading.last if layer is None else reading.states[layer])[model.residues(tokens)[0]].numpy()


def test_layers_and_pools_are_those_of_each_sequence_alone(tmp_path: Path) -> None:
    model = model_of()
    embedder = LanguageEmbedder(model_of(), IDENTITY, {}, layers=("last", "1", "0"))
    report = embed(embedder, [fasta(tmp_path)], tmp_path / "out", max_residues=20)
    assert (report.num_proteins, report.refused) == (len(SEQUENCES), ())
    for layer, number in (("last", None), ("1", 1), ("0", 0)):
        found = read_embeddings(tmp_path / "out", layer)
        assert found.ids == tuple(SEQUENCES)  # order and duplicates kept
        for row, letters in enumerate(SEQUENCES.values()):
            expected = alone(model, letters, number)
            np.testing.assert_allclose(found.of_residues(row), expected, atol=1e-6)
            np.testing.assert_allclose(found.protein[row], expected.mean(0), atol=1e-6)  # type: ignore[index]
    assert read_embeddings(tmp_path / "out").sequences[4] == "MXXXXX"
    with pytest.raises(InputError, match="no such layer"):
        read_embeddings(tmp_path / "out", "2")


def test_windows_average_the_states_of_overlapping_readings_and_are_stated(tmp_path: Path) -> None:
    model, policy = model_of(), WindowPolicy("overlapping", 32, 15)
    embedder = LanguageEmbedder(model_of(), IDENTITY, {}, windows=policy)
    report = embed(embedder, [fasta(tmp_path)], tmp_path / "out")
    found = read_embeddings(tmp_path / "out")
    assert report.num_in_windows == found.manifest["num_in_windows"] == 1
    assert found.manifest["identity"]["windows"] == {"kind": "overlapping", "size": 32, "stride": 15}
    token = model.vocabulary.encode(SEQUENCES["long"])
    expected = np.zeros((len(token), model.width))
    for place in range(len(token)):
        for window, weight in policy.shares(place, len(token)):
            with torch.no_grad():
                from protea.encoders.language.tokens import pack_tokens

                state = model(pack_tokens([token[window]])).last
            expected[place] += weight * state[place - window.start].numpy()
    np.testing.assert_allclose(
        found.of_residues(0), expected[model.vocabulary.residues_of(slice(0, len(token)))], atol=2e-6
    )
    np.testing.assert_allclose(found.of_residues(2), alone(model, "ACDEFG"), atol=1e-6)


def test_too_long_for_the_bound_is_refused_by_name(tmp_path: Path) -> None:
    embedder = LanguageEmbedder(model_of(), IDENTITY, {}, max_tokens=20)
    report = embed(embedder, [fasta(tmp_path)], tmp_path / "out")
    assert [item.name for item in report.refused] == ["some.fasta: long"]
    assert "bound of memory" in report.refused[0].reason
    assert "--window-tokens" in report.refused[0].reason  # the option that `protea embed` has
    assert read_embeddings(tmp_path / "out").ids == tuple(SEQUENCES)[1:]


def test_shards_are_read_as_one(tmp_path: Path) -> None:
    file = fasta(tmp_path)
    embed(LanguageEmbedder(model_of(), IDENTITY, {}), [file], tmp_path / "whole")
    for text in ("1/2", "2/2"):
        part = tmp_path / "shards" / text.replace("/", "-")
        embed(LanguageEmbedder(model_of(), IDENTITY, {}), [file], part, shard=parse_shard(text))
    whole, shards = read_embeddings(tmp_path / "whole"), read_embeddings(tmp_path / "shards")
    assert (shards.ids, shards.sequences, shards.made_by) == (whole.ids, whole.sequences, whole.made_by)
    np.testing.assert_array_equal(shards.residue_ptr, whole.residue_ptr)
    np.testing.assert_allclose(shards.residue, whole.residue, atol=1e-6)  # type: ignore[arg-type]
    np.testing.assert_allclose(shards.of_residues(3), whole.of_residues(3), atol=1e-6)
    assert shards.is_complete
    (tmp_path / "shards" / "2-2").rename(tmp_path / "gone")
    with pytest.raises(ConfigError, match=r"each of 1 to 2 of 2 once; found 1/2"):
        read_embeddings(tmp_path / "shards")


def test_half_arithmetic_is_near_and_another_embedding() -> None:
    one = LanguageEmbedder(model_of(), IDENTITY, {})
    half = LanguageEmbedder(model_of(), IDENTITY, {}, precision="bf16")
    units = [one.unit(protein_from_sequence("a", SEQUENCES["long"]))]
    exact, rough = one.embedded(units, 100)[0].residue["last"], half.embedded(units, 100)[0].residue["last"]
    error = np.linalg.norm(rough - exact) / np.linalg.norm(exact)
    assert 1e-5 < error < 2e-2
    assert rough.dtype == np.float32
    assert one.identity != half.identity


def test_saprot_reads_pairs_of_letters() -> None:
    torch.manual_seed(0)
    model = SaProtConfig(num_layers=1, width=16, num_heads=2).build().eval()
    pairs = LanguageEmbedder(model, IDENTITY, {}, reads_pairs=True)
    unit = pairs.unit(protein_from_sequence("a", "MDXEVX"))
    assert unit.sequence == "MXV"
    np.testing.assert_allclose(pairs.embedded([unit], 9)[0].residue["last"], alone(model, "Md#eV#"), atol=1e-6)
    with pytest.raises(InputError, match="not pairs"):
        pairs.unit(protein_from_sequence("a", "MDX"))
    plain = LanguageEmbedder(model, IDENTITY, {}).unit(protein_from_sequence("a", "MDX"))
    assert plain.sequence == "MDX"


def test_what_the_model_cannot_do_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"no such layer.*0 to 2, or last; found 3"):
        LanguageEmbedder(model_of(), IDENTITY, {}, layers=("3",))
    with pytest.raises(ConfigError, match="structure letters"):
        LanguageEmbedder(tiny_esm2(0), IDENTITY, {}, reads_pairs=True)
    with pytest.raises(ConfigError, match="once per residue"):
        LanguageEmbedder(model_of(), IDENTITY, {}, windows=WindowPolicy("centred", 32, 15))


@pytest.mark.parametrize("layer", ["first", "-1", "3", "01", "1.5", ""])
def test_layers_are_named_as_they_are_listed(layer: str) -> None:
    with pytest.raises(ConfigError, match=r"no such layer.*expected 0 to 2, or last"):
        LanguageEmbedder(model_of(), IDENTITY, {}, layers=("last", layer))
