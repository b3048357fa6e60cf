"""Supervised variant models compared on measured scans: one cell per scan, split and model, resumable.

A cell is fitted on the training rows of each fold, its settings chosen on inner folds of those rows alone, and judged
on the test rows. Metrics are means over folds; the Spearman correlation of all folds' predictions in one list stands
beside it, because that is what is published for one assay. The interval is over resamples of the sites (of the
variants, where they have several mutations) within each fold.
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from pydantic import Field

from protea.applications.variants.catalogue import AnyLearnerConfig, AnySplitConfig
from protea.applications.variants.external_columns import ExternalColumns, read_external_columns
from protea.applications.variants.fitted_columns import NOTHING_EXTERNAL, SCORE_WEIGHT, fit_columns
from protea.applications.variants.measured_scan import MeasuredScan, ScanConfig, read_scan, read_wild_types
from protea.applications.variants.plain_score import PlainScoreConfig
from protea.applications.variants.score_models import AnyScoreModel, NamedScores
from protea.applications.variants.splits import SplitConfig
from protea.applications.variants.substitution_scales import SCALE_SCORES
from protea.applications.variants.variant_features import SEQUENCE_FEATURES
from protea.benchmark.learners.learner import Columns, Prediction, used_columns
from protea.benchmark.learners.row_split import RowSplit
from protea.benchmark.machine import commit_of_code
from protea.cluster.whole_file import write_json
from protea.config import Config
from protea.errors import InputError, describe
from protea.metrics.catalogue import METRICS
from protea.metrics.resamples import counts_of_resamples, index_units
from protea.metrics.undefined import UndefinedMetric

__all__ = [
    "ComparedScanConfig",
    "PublishedFigure",
    "VariantComparisonConfig",
    "VariantModelConfig",
    "model_columns",
    "run_cell",
    "run_comparison",
]

_FOLD_METRICS = ("spearman", "pearson", "rmse", "ndcg", "top_recall")
_NO_METRICS = frozenset({"num_train", "num_test", "facts"})
_WIDTH_OF_95 = 1.959963984540054
_KNOWN = {*SEQUENCE_FEATURES, *SCALE_SCORES}


class VariantModelConfig(Config):
    """One row of the table: what is seen of a variant, and what learns from it."""

    name: str = Field(description="Name in the table.")
    features: tuple[str, ...] = Field(
        description="Any of one_hot, positions, letters, blosum62, hydropathy, num_mutations, embedding_mean, "
        "embedding_sites, columns of the scan's table of scores, and names of `score_models`.",
        min_length=1,
    )
    learner: AnyLearnerConfig = Field(description="What learns.")
    only: tuple[str, ...] = Field((), description="Scans that it runs on; all if empty.")


class ComparedScanConfig(Config):
    """A scan and the splits that it is compared on."""

    scan: ScanConfig = Field(description="The scan.")
    splits: tuple[AnySplitConfig, ...] = Field(description="The splits.", min_length=1)
    scores: Path | None = Field(
        None, description="CSV with scores of other models; its first column holds the variants' names as in the table."
    )
    embeddings: Path | None = Field(
        None, description="Folder of `protea embed` that holds each mutated sequence under its variant's name."
    )


class PublishedFigure(Config):
    """A figure of the literature, printed beside ours."""

    scan: str = Field(description="Name of the scan here.")
    split: str = Field(description="Label of the split here.")
    model: str = Field(description="Model as published.")
    metric: str = Field(description="Metric.")
    value: float = Field(description="Published value.")
    source: str = Field(description="Where it stands, and in what its protocol differs.")


class VariantComparisonConfig(Config):
    """A comparison of supervised variant models."""

    wild_types: str = Field(description="CSV of wild types, below the folder of the data.")
    scans: tuple[ComparedScanConfig, ...] = Field(description="Scans and splits.", min_length=1)
    models: tuple[VariantModelConfig, ...] = Field(description="Rows of the table.", min_length=1)
    score_models: dict[str, AnyScoreModel] = Field({}, description="Scores that need no measurement, as features.")
    published: tuple[PublishedFigure, ...] = Field((), description="Figures of the literature.")
    num_resamples: int = Field(200, ge=2, description="Resamples behind the intervals.")
    seed: int = Field(0, description="Seed of models and resamples.")


def model_columns(
    model: VariantModelConfig, scan: MeasuredScan, train: np.ndarray, external: ExternalColumns = NOTHING_EXTERNAL
) -> Columns:
    """Return the model's columns of every variant; scores and channels are standardised on the training rows.

    Raises:
        ConfigError: no such features.
        InputError: features that need embeddings, and there are none.
    """
    weight = 1.0 if isinstance(model.learner, PlainScoreConfig) else SCORE_WEIGHT
    length = len(scan.wild_type)
    fitted = fit_columns(model.features, scan.names, scan.variants, length, train, external, weight, model.name)
    found = fitted.columns(scan.names, scan.variants, external)
    # Columns that are 0 for every variant, known or asked, change no answer and cost time.
    return found if isinstance(found, np.ndarray) else found[:, used_columns(found)]


def run_cell(
    scan: MeasuredScan,
    split: SplitConfig,
    model: VariantModelConfig,
    num_resamples: int = 200,
    seed: int = 0,
    external: ExternalColumns = NOTHING_EXTERNAL,
) -> dict[str, Any]:
    """Return what one model reaches on one split: per fold, as a mean, and over all folds in one list."""
    started = time.process_time()
    folds, resampled, tested = [], [], []
    for part in split.splits(scan.source):
        columns = model_columns(model, scan, part.train, external)
        inner = split.inner(scan.source.part(part.train))
        fitted = model.learner.fit(columns[part.train], scan.value[part.train], inner, seed)
        found = fitted.predict(columns[part.test])
        folds.append(_fold_result(scan, part, found, fitted.facts, isinstance(model.learner, PlainScoreConfig)))
        resampled.append(_resampled_spearman(scan, part, found, num_resamples, seed + len(folds)))
        tested.append((scan.value[part.test], found.mean))
    truth, mean = (np.concatenate(arrays) for arrays in zip(*tested, strict=True))
    draws = [values for values in resampled if values is not None]
    interval = None
    if len(draws) == len(folds):
        interval = np.quantile(np.mean(draws, axis=0), [0.025, 0.975]).tolist()
    return {
        "scan": scan.name,
        "split": split.label,
        "model": model.name,
        "mean": {name: _mean_or_none([fold[name] for fold in folds]) for name in folds[0] if name not in _NO_METRICS},
        "interval_of_spearman": interval,
        "spearman_of_all_folds_in_one_list": _value("spearman", truth, mean),
        "folds": folds,
        "cpu_seconds": round(time.process_time() - started, 1),
    }


def _fold_result(
    scan: MeasuredScan, part: RowSplit, found: Prediction, facts: Mapping[str, float | int], is_plain: bool
) -> dict[str, Any]:
    """Return sizes, metrics (None where a metric has no value, as for a constant prediction), and what was chosen."""
    truth = scan.value[part.test]
    result: dict[str, Any] = {"num_train": int(part.train.size), "num_test": int(part.test.size)}
    for name in _FOLD_METRICS:
        # A plain score is not in the measurement's unit.
        result[name] = None if is_plain and name == "rmse" else _value(name, truth, found.mean)
    if found.std is not None:
        is_inside = np.abs(truth - found.mean) <= _WIDTH_OF_95 * found.std
        result["coverage_of_95"] = float(is_inside.mean())
        result["mean_std_over_sd"] = float(found.std.mean() / truth.std())
    return {**result, "facts": dict(facts)}


def _value(metric: str, truth: np.ndarray, predicted: np.ndarray) -> float | None:
    try:
        return METRICS[metric].function(truth, predicted, None)
    except UndefinedMetric:
        return None  # the report prints it as undefined


def _mean_or_none(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if len(known) == len(values) else None


def _resampled_spearman(
    scan: MeasuredScan, part: RowSplit, found: Prediction, num_resamples: int, seed: int
) -> Float[np.ndarray, " resample"] | None:
    """Return the fold's Spearman correlation in each resample of its sites or variants; None where it has no value."""
    # Single mutants of one site err together; the sites of multi-mutants are too few (GB1) or nearly all different.
    positions = [scan.variants[row].positions for row in part.test]
    is_single = max(len(own) for own in positions) == 1
    sites = np.array([own[0] if own else -1 for own in positions]) if is_single else np.arange(part.test.size)
    try:
        unit, num_units = index_units(sites, part.test.shape, None)
        statistic = METRICS["spearman"].by_unit(scan.value[part.test], found.mean, None, unit)
        return np.array([statistic(count) for count in counts_of_resamples(num_units, num_resamples, seed)])
    except UndefinedMetric:
        return None  # a constant prediction: the table says that the correlation is undefined


def run_comparison(
    config: VariantComparisonConfig,
    data: Path,
    folder: Path,
    say: Callable[[str], None],
    is_report_only: bool = False,
) -> list[dict[str, Any]]:
    """Return every cell of the comparison; those that a former run finished are read, the others run and written.

    With `is_report_only` nothing is run, and cells that are not finished are absent.

    Raises:
        InputError: a finished cell is of other data or settings; the message says which to delete.
    """
    wild_types = read_wild_types(data / config.wild_types)
    (folder / "cells").mkdir(parents=True, exist_ok=True)
    results, made = [], NamedScores(config.score_models, data)
    for compared in config.scans:
        scan = read_scan(compared.scan, data, wild_types)
        external = read_external_columns(compared.scores, compared.embeddings, scan.names)
        for split in compared.splits:
            for model in config.models:
                if model.only and scan.name not in model.only:
                    continue
                path = folder / "cells" / f"{_plain(scan.name)}-{_plain(split.label)}-{_plain(model.name)}.json"
                is_external = bool({*model.features} - _KNOWN - {*config.score_models})
                digests = [scan.sha256, *([external.digest] if is_external else []), *made.digests(model.features)]
                fingerprint = _fingerprint(compared.scan, split, model, config, digests)
                if path.exists():
                    results.append(_finished(path, fingerprint))
                if path.exists() or is_report_only:
                    continue
                seen = external.with_scores(made.scores(scan, model.features))
                cell = run_cell(scan, split, model, config.num_resamples, config.seed, seen)
                cell |= {
                    "num_left_out": dict(scan.num_left_out),
                    "commit": commit_of_code(),
                    "fingerprint": fingerprint,
                }
                write_json(cell, path)
                say(f"{path.stem}: Spearman {cell['mean']['spearman']} in {cell['cpu_seconds']} s of CPU{_bound(cell)}")
                results.append(cell)
    return results


def _bound(cell: Mapping[str, Any]) -> str:
    """Return, for a model that rests on a part of its training variants, on how many; else nothing."""
    most = max(cell["folds"], key=lambda fold: int(fold["num_train"]))
    rests_on, num_train = most["facts"].get("variants", most["num_train"]), most["num_train"]
    return f"; it rests on {rests_on:,} of {num_train:,} training variants" if rests_on < num_train else ""


def _fingerprint(
    scan: ScanConfig,
    split: SplitConfig,
    model: VariantModelConfig,
    config: VariantComparisonConfig,
    digests: Sequence[str],
) -> str:
    """Return a digest of everything that a cell follows from (`digests`: of its data), but the code."""
    settings = [item.model_dump(mode="json", exclude={"only"}) for item in (scan, split, model)]
    parts = [*settings, config.num_resamples, config.seed, *digests]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _finished(path: Path, fingerprint: str) -> dict[str, Any]:
    cell: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if cell["fingerprint"] != fingerprint:
        raise InputError(
            describe("this cell is of other data or settings", where=str(path), do="Delete it, or use another folder.")
        )
    return cell


def _plain(name: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in name)
