"""Scores of models as columns of a comparison: those of the models themselves, made once, told apart by a digest."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from torch import manual_seed

from protea.applications.variants import score_models
from protea.applications.variants.comparison import VariantModelConfig, run_comparison
from protea.applications.variants.plain_score import PlainScoreConfig
from protea.applications.variants.score_models import LanguageModelScores, NamedScores, SiteIndependentScores
from protea.applications.variants.site_independent import letter_shares, site_independent_scores
from protea.applications.variants.splits import RandomSplitConfig
from protea.applications.variants.zero_shot import ZeroShotScorer
from protea.datasets.aligned_relatives import aligned_relatives
from protea.datasets.sequence_search import SearchSettings
from protea.encoders.language.protea_mini import ProteaMiniConfig
from protea.encoders.weights.language_models import PublishedModel
from protea.errors import InputError
from tests.applications.variants.made_scan import WILD_TYPE, made_scan, write_scan
from tests.applications.variants.test_comparison import made_config

RELATIVES = [WILD_TYPE, WILD_TYPE[:10] + "D" + WILD_TYPE[11:], WILD_TYPE[::-1]]
ALL = SearchSettings(min_identity=0.0, min_coverage=0.5, max_evalue=1e6)


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Tiny models in place of named weights, each name a model of its own; what was loaded is noted."""
    loaded = []

    def load(name: str) -> PublishedModel:
        loaded.append(name)
        file = tmp_path / f"{name}.weights"
        file.write_text(name)
        manual_seed(len(name))
        config = ProteaMiniConfig(num_layers=1, width=64)
        return PublishedModel(config.build().eval(), config, (file,))

    monkeypatch.setattr(score_models, "load_language_model", load)
    return loaded


def relatives_file(folder: Path, sequences: Sequence[str] = RELATIVES) -> Path:
    path = folder / "relatives.fasta"
    path.write_text("".join(f">r{row}\n{sequence}\n" for row, sequence in enumerate(sequences)))
    return path


@pytest.mark.usefixtures("loads")
def test_a_language_model_scores_as_the_scorer_does(tmp_path: Path) -> None:
    scan = made_scan(num_variants=30)
    config = LanguageModelScores(weights=("one",), method="wild_type_marginals")
    expected = ZeroShotScorer([score_models.load_language_model("one").model]).scores(
        scan.wild_type, scan.variants, "wild_type_marginals"
    )
    np.testing.assert_allclose(config.scores(scan, tmp_path), expected)
    assert np.ptp(expected) > 0
    other = LanguageModelScores(weights=("three",), method="wild_type_marginals")
    assert config.digest(tmp_path) != other.digest(tmp_path)
    assert config.digest(tmp_path) != LanguageModelScores(weights=("one",)).digest(tmp_path)


def test_relatives_score_by_their_letters(tmp_path: Path) -> None:
    scan = made_scan(num_variants=30)
    relatives_file(tmp_path)
    config = SiteIndependentScores(sequences=Path("relatives.fasta"), search=ALL)
    shares = letter_shares(scan.wild_type, aligned_relatives(scan.wild_type, RELATIVES, ALL))
    np.testing.assert_allclose(
        config.scores(scan, tmp_path), site_independent_scores(scan.wild_type, scan.variants, shares)
    )
    before = config.digest(tmp_path)
    relatives_file(tmp_path, RELATIVES[:2])
    assert config.digest(tmp_path) != before


def test_scores_are_made_once_and_only_those_that_are_asked_for(tmp_path: Path, loads: list[str]) -> None:
    models = {"mini": LanguageModelScores(weights=("one",)), "other": LanguageModelScores(weights=("three",))}
    made, scan = NamedScores(models, tmp_path), made_scan(num_variants=10)
    assert made.scores(scan, ["blosum62"]) == {}
    first, again = made.scores(scan, ["mini", "blosum62"]), made.scores(scan, ["mini"])
    assert first["mini"] is again["mini"]
    assert loads == ["one"]
    other = replace(scan, name="other", variants=scan.variants[:4])
    assert len(made.scores(other, ["mini"])["mini"]) == 4  # of each scan its own
    assert made.digests(["mini", "blosum62"]) == made.digests(["mini"]) == [models["mini"].digest(tmp_path)]
    assert loads == ["one"] * 4  # two scans, one digest kept, and that of the last line


def test_a_comparison_has_rows_of_score_models_and_refuses_cells_of_other_weights(
    tmp_path: Path, loads: list[str]
) -> None:
    scan = made_scan(num_variants=60)
    write_scan(tmp_path, scan)
    row = VariantModelConfig(name="mini", features=("mini",), learner=PlainScoreConfig())
    config = made_config()
    config = config.model_copy(
        update={
            "score_models": {"mini": LanguageModelScores(weights=("one",))},
            "models": (*config.models, row),
        }
    )
    cells = run_comparison(config, tmp_path, tmp_path / "out", lambda _: None)
    assert [cell["model"] for cell in cells] == ["ridge", "BLOSUM62", "mini"] * 2
    score = LanguageModelScores(weights=("one",)).scores(scan, tmp_path)
    folds = RandomSplitConfig(num_folds=2).splits(scan.source)
    expected = np.mean([stats.spearmanr(scan.value[fold.test], score[fold.test]).statistic for fold in folds])
    assert cells[2]["mean"]["spearman"] == pytest.approx(expected)
    plain = run_comparison(made_config(), tmp_path, tmp_path / "out", lambda _: None)
    assert [cell["fingerprint"] for cell in plain] == [cells[i]["fingerprint"] for i in (0, 1, 3, 4)]
    before = len(loads)
    run_comparison(config, tmp_path, tmp_path / "out", lambda _: None)
    assert len(loads) == before + 1  # one digest, no scores
    other = config.model_copy(update={"score_models": {"mini": LanguageModelScores(weights=("three",))}})
    with pytest.raises(InputError, match=r"mini\.json: this cell is of other data or settings"):
        run_comparison(other, tmp_path, tmp_path / "out", lambda _: None)


@pytest.mark.usefixtures("loads")
def test_a_model_and_a_column_of_one_name_are_refused(tmp_path: Path) -> None:
    scan = made_scan(num_variants=20)
    write_scan(tmp_path, scan)
    table = tmp_path / "scores.csv"
    names = [variant.name(WILD_TYPE, 5) for variant in scan.variants]
    table.write_text("variant,mini\n" + "".join(f"{name},0.5\n" for name in names))
    config = made_config()
    compared = config.scans[0].model_copy(update={"scores": table})
    row = VariantModelConfig(name="mini", features=("mini",), learner=PlainScoreConfig())
    config = config.model_copy(
        update={"scans": (compared,), "models": (row,), "score_models": {"mini": LanguageModelScores(weights=("one",))}}
    )
    with pytest.raises(InputError, match="two scores 'mini'"):
        run_comparison(config, tmp_path, tmp_path / "out", lambda _: None)
