"""Attributions add up, are exact for a linear model, and say nothing of what the model does not read."""

from pathlib import Path

import numpy as np
import pytest
import torch

from protea.applications.explanations.explain import Question, explain, residue_named
from protea.benchmark.trained import TrainedRun, load_run
from protea.encoders.egnn import EGNNConfig
from protea.encoders.identity import IdentityConfig
from protea.encoders.language.encoder import LanguageEncoderConfig
from protea.encoders.language.protea_mini import ProteaMiniConfig
from protea.errors import ConfigError, ContractError, InputError
from protea.features.residue.stored_embedding import EmbeddingConfig
from protea.features.schemes import SchemeConfig
from protea.objectives.binary import BinaryConfig
from protea.objectives.heads import HeadConfig
from protea.objectives.mean_variance import MeanVarianceConfig
from protea.protein.batch import pack
from protea.protein.readers.read import read_protein
from protea.protein.writers.pdb import write_pdb
from protea.training.model import ModelConfig
from tests.benchmark.made_runs import FOLDING, SITE, write_run
from tests.datasets.made_embeddings import write_embeddings
from tests.datasets.made_proteins import made_protein

CPU = torch.device("cpu")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_pdb(made_protein("a", 14, is_plain=True, spread=12.0), tmp_path / "a.pdb")
    return tmp_path / "a.pdb"


def run_of(folder: Path, model: ModelConfig) -> TrainedRun:
    return load_run(write_run(folder, model))


def model_of(encoder, level: str, kind: str = "ca_bb") -> ModelConfig:  # type: ignore[no-untyped-def]
    """One binary objective at a level."""
    objective = BinaryConfig(label="y", level=level, head=HeadConfig(width=8, dropout=0.5))  # type: ignore[arg-type]
    return ModelConfig(
        scheme=SchemeConfig(kind=kind),
        encoder=encoder,
        objectives={"y": objective},
        weights={"y": 1.0},  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("baseline", ["zeros", "mean"])
@pytest.mark.parametrize(("level", "residue"), [("residue", "A:2"), ("residue", None), ("protein", None)])
def test_attributions_add_up_to_the_change_of_the_prediction(
    level: str, residue: str | None, baseline, file: Path, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    run = run_of(tmp_path / "run", model_of(EGNNConfig(hidden_dim=8, num_layers=2, dropout=0.3), level))
    found = explain(run, file, Question(residue=residue, baseline=baseline), CPU)
    change = found.value - found.baseline_value
    assert abs(float(found.residue.sum()) - change) <= found.error <= 1e-3 * max(abs(change), 0.01 * abs(found.value))
    # The ends are those of the model itself, in evaluation mode.
    protein = read_protein(file)
    model = run.model.double().eval()
    inputs = model.featurise(pack([protein]).to(torch.float64))
    start = torch.zeros_like(inputs.scalar) if baseline == "zeros" else inputs.scalar.mean(0).expand_as(inputs.scalar)
    for scalar, expected in ((inputs.scalar, found.value), (start, found.baseline_value)):
        with torch.no_grad():
            logit = model(inputs.replace(scalar=scalar))["y"]
        chosen = logit.mean() if residue is None else logit[residue_named(protein, residue)]
        assert float(chosen) == pytest.approx(expected, rel=1e-9)
    assert len(set(found.residue.round(9).tolist())) > 5


def test_a_model_without_neighbours_reads_the_residue_itself_only(file: Path, tmp_path: Path) -> None:
    found = explain(run_of(tmp_path / "run", model_of(IdentityConfig(), "residue")), file, Question(residue="A:2"), CPU)
    place = residue_named(found.protein, "A:2")
    assert abs(found.residue[place]) > 1e-6
    assert np.count_nonzero(found.residue) == 1


def test_features_are_told_apart(file: Path, tmp_path: Path) -> None:
    run = run_of(tmp_path / "run", model_of(IdentityConfig(), "protein"))
    found = explain(run, file, Question(), CPU)
    names = [feature.name for feature in run.model.scheme.features]
    assert list(found.features) == names
    assert found.by_feature.shape == (14, len(names))
    np.testing.assert_allclose(found.by_feature.sum(1), found.residue)
    # Silence the columns of one feature: its part must vanish, and no other.
    column = sum(feature.dim for feature in run.model.scheme.features[:1])
    width = run.model.scheme.features[1].dim
    with torch.no_grad():
        run.model.objective("y").head.project.weight[:, column : column + width] = 0  # type: ignore[union-attr]
        run.model.objective("y").head.norm = torch.nn.Identity()
    silenced = explain(run, file, Question(), CPU)
    assert np.abs(silenced.by_feature[:, 1]).max() == 0
    assert np.abs(silenced.by_feature[:, 0]).max() > 0


def test_a_class_is_chosen_or_the_largest_taken(file: Path, tmp_path: Path) -> None:
    run = run_of(tmp_path / "run", FOLDING.model_copy(update={"encoder": SITE.encoder}))
    found = explain(run, file, Question(residue="A:2"), CPU)
    with torch.no_grad():
        logits = run.model(run.model.featurise(pack([found.protein])))["residue_type"]
    place = residue_named(found.protein, "A:2")
    assert found.value == pytest.approx(float(logits[place].max()), rel=1e-4)
    assert f"output {int(logits[place].argmax())}" in found.asked
    other = explain(run, file, Question(residue="A:2", output=3), CPU)
    assert other.value == pytest.approx(float(logits[place, 3]), rel=1e-4)
    with pytest.raises(ConfigError, match="no such output"):
        explain(run, file, Question(output=20), CPU)


def test_of_a_predicted_distribution_the_value_is_explained_not_the_variance(file: Path, tmp_path: Path) -> None:
    objective = MeanVarianceConfig(label="y", level="residue", mean=-100.0)
    model = ModelConfig(scheme=SITE.scheme, encoder=SITE.encoder, objectives={"y": objective}, weights={"y": 1.0})
    run = run_of(tmp_path / "run", model)
    with torch.no_grad():
        run.model.objective("y").head.output.bias[0] = -5.0  # the variance is then the largest output
    found = explain(run, file, Question(residue="A:2"), CPU)
    with torch.no_grad():
        prediction = run.model(run.model.featurise(pack([found.protein])))["y"]
    assert found.value == pytest.approx(float(prediction[residue_named(found.protein, "A:2"), 0]), rel=1e-4)


def test_the_run_itself_is_left_as_it_was(file: Path, tmp_path: Path) -> None:
    run = run_of(tmp_path / "run", SITE)
    explain(run, file, Question(), CPU)
    assert {value.dtype for value in run.model.parameters()} == {torch.float32}
    assert all(value.requires_grad for value in run.model.parameters())


def test_residues_are_named_as_the_author_does(file: Path) -> None:
    protein = read_protein(file)
    code = next(index for index in range(len(protein)) if protein.insertion_code[index])
    name = f"{protein.chain_ids[protein.chain_of[code]]}:{protein.author_number[code]}{protein.insertion_code[code]}"
    assert residue_named(protein, name) == code
    assert residue_named(protein, "-2") == 0
    with pytest.raises(InputError, match="no such residue"):
        residue_named(protein, "C:1")
    doubled = protein.replace(author_number=np.ones(14, np.int32), insertion_code=np.full(14, "", "<U1"))
    with pytest.raises(InputError, match="more than one"):
        residue_named(doubled, "1")


def test_what_cannot_be_explained_is_refused(file: Path, tmp_path: Path) -> None:
    run = run_of(tmp_path / "run", model_of(EGNNConfig(hidden_dim=8, num_layers=1), "protein"))
    with pytest.raises(ConfigError, match="whole protein"):
        explain(run, file, Question(residue="A:1"), CPU)
    with pytest.raises(ConfigError, match="no objective"):
        explain(run, file, Question(objective="luck"), CPU)
    with pytest.raises(ContractError, match="not complete"):
        explain(run, file, Question(), CPU, tolerance=1e-12, max_steps=16)
    (tmp_path / "s.fasta").write_text(">a\nACD\n")
    with pytest.raises(InputError, match="no residue with a CA"):
        explain(run, tmp_path / "s.fasta", Question(), CPU)


def test_an_encoder_that_reads_letters_has_no_features_to_explain(file: Path, tmp_path: Path) -> None:
    encoder = LanguageEncoderConfig(model=ProteaMiniConfig(num_layers=1, width=64))
    run = load_run(write_run(tmp_path / "run", SITE.model_copy(update={"encoder": encoder})))
    with pytest.raises(ConfigError, match="reads letters"):
        explain(run, file, Question(), torch.device("cpu"))


def test_a_stored_embedding_is_one_of_the_features(file: Path, tmp_path: Path) -> None:
    batch = pack([read_protein(file)])
    embedding = EmbeddingConfig(folder=tmp_path / "plm", name="plm", dim=4)
    model = model_of(IdentityConfig(), "protein")
    scheme = model.scheme.model_copy(update={"embedding": embedding})
    run = run_of(tmp_path / "run", model.model_copy(update={"scheme": scheme}))
    write_embeddings(tmp_path / "plm", batch)
    found = explain(run, file, Question(), CPU)
    assert found.features[-1] == "embedding plm"
    assert found.by_feature.shape == (len(batch.residue_type), len(run.model.scheme.features))
    assert np.abs(found.by_feature[:, -1]).min() > 0
    assert abs(found.residue.sum() - (found.value - found.baseline_value)) <= found.error
