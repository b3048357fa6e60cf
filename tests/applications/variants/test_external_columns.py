from pathlib import Path

import numpy as np
import pytest

from protea.applications.variants.comparison import VariantModelConfig, model_columns, run_cell
from protea.applications.variants.external_columns import ExternalColumns, read_external_columns
from protea.applications.variants.plain_score import PlainScoreConfig
from protea.applications.variants.splits import ModuloSplitConfig
from protea.benchmark.learners.ridge import RidgeConfig
from protea.errors import FileFormatError, InputError
from protea.protein.batch import pack
from protea.protein.record import protein_from_sequence
from tests.applications.variants.made_scan import WILD_TYPE, made_scan
from tests.datasets.made_embeddings import write_embeddings


def written(folder: Path, *lines: str) -> Path:
    path = folder / "scores.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_scores_are_joined_by_name_in_the_order_of_the_scan(tmp_path: Path) -> None:
    path = written(tmp_path, "mutant,esm,other", "A2V,1,5", "G3L,2,6", "WT,3,7")
    found = read_external_columns(path, None, ["WT", "A2V"])
    assert {name: score.tolist() for name, score in found.score_of.items()} == {"esm": [3, 1], "other": [7, 5]}
    assert found.digest
    assert read_external_columns(None, None, ["WT"]).digest == ""


@pytest.mark.parametrize("line", ["A2V,1", "A2V,1,x", "A2V,1,nan", "G3L,1,1"])
def test_a_broken_line_is_refused(tmp_path: Path, line: str) -> None:
    path = written(tmp_path, "mutant,esm,other", "G3L,2,6", line)
    with pytest.raises(FileFormatError, match=r"scores\.csv:3: not a line of scores"):
        read_external_columns(path, None, ["G3L"])


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "mutant,esm,esm", "G3L,2,6")
    with pytest.raises(FileFormatError, match="two columns of one name"):
        read_external_columns(path, None, ["G3L"])


def test_a_variant_without_a_score_or_embedding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="1 of 2 variants have no score; found no line of 'K4E'"):
        read_external_columns(written(tmp_path, "mutant,esm", "A2V,1"), None, ["A2V", "K4E"])
    with pytest.raises(InputError, match="embedding_mean needs a folder of embeddings"):
        ExternalColumns().embedded("embedding_mean", ["A2V"], [])


def test_a_score_that_knows_unseen_positions_helps_where_one_hot_cannot() -> None:
    scan = made_scan()
    rng = np.random.default_rng(0)
    external = ExternalColumns({"esm": scan.value + rng.normal(size=scan.value.size)}, None, "made")
    plain = VariantModelConfig(name="esm", features=("esm",), learner=PlainScoreConfig())
    augmented = VariantModelConfig(name="augmented", features=("one_hot", "esm"), learner=RidgeConfig())
    alone = run_cell(scan, ModuloSplitConfig(), plain, num_resamples=2, external=external)
    both = run_cell(scan, ModuloSplitConfig(), augmented, num_resamples=2, external=external)
    assert alone["mean"]["spearman"] > 0.5
    assert both["mean"]["spearman"] == pytest.approx(alone["mean"]["spearman"], abs=0.15)


def test_embeddings_are_standardised_on_the_training_rows(tmp_path: Path) -> None:
    scan = made_scan(num_variants=20)
    sequences = zip(scan.names, [variant.apply(WILD_TYPE) for variant in scan.variants], strict=True)
    write_embeddings(tmp_path, pack([protein_from_sequence(name, letters) for name, letters in sequences]))
    external = read_external_columns(None, tmp_path, scan.names)
    for feature in ("embedding_mean", "embedding_sites"):
        model = VariantModelConfig(name="embedded", features=(feature,), learner=RidgeConfig())
        columns = model_columns(model, scan, np.arange(12), external)
        assert isinstance(columns, np.ndarray)
        np.testing.assert_allclose(columns[:12].mean(axis=0), 0, atol=1e-12)
        np.testing.assert_allclose(columns[:12].std(axis=0), 1, atol=1e-12)
        raw = external.embedded(feature, scan.names, scan.variants)
        assert np.corrcoef(columns[:, 0], raw[:, 0])[0, 1] == pytest.approx(1.0)
