"""A supervised model of one measured scan: fitted, calibrated on held-out variants, kept in a folder, asked for more.

The measured variants are dealt out. Where each has one position, a share of the positions is not learned from at all;
of the variants at the others a share is held out. The model learns from the rest. Held-out variants calibrate a
conformal interval for variants whose positions were all learned from; those at held-out positions calibrate one for new
positions, where the position is the unit. A folder holds `scan_model.json` and `weights.safetensors`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float, Int
from pydantic import Field
from safetensors.numpy import save_file

from protea.applications.variants.external_columns import ExternalColumns
from protea.applications.variants.fitted_columns import NOTHING_EXTERNAL, FittedColumns, fit_columns
from protea.applications.variants.mutations import Variant
from protea.applications.variants.saved_learner import SavedLearnerConfig, arrays_of_learner, learner_of_arrays
from protea.benchmark.calibration.split_conformal import SplitConformal, fit_split_conformal
from protea.benchmark.learners.learner import FittedLearner, Prediction
from protea.benchmark.learners.ridge import RidgeConfig
from protea.benchmark.learners.row_split import random_folds
from protea.cluster.usual_rights import usual_rights
from protea.config import Config, parse_config
from protea.encoders.weights.kept_files import check_sha256, read_kept_arrays, sha256_of
from protea.errors import FileFormatError, InputError, describe
from protea.metrics.rmse import rmse
from protea.metrics.spearman import spearman
from protea.metrics.undefined import UndefinedMetric

__all__ = ["HeldOut", "IntervalKind", "ScanModel", "ScanModelConfig", "ScanModelFile", "VariantAnswers", "fit_scan"]

IntervalKind = Literal["known positions", "new positions", "none"]
_FILE, _WEIGHTS = "scan_model.json", "weights.safetensors"
_INNER_FOLDS = 3
_LEAST = 10
"""Variants to learn from at least."""


class ScanModelConfig(Config):
    """What is seen of a variant, what learns from it, and what is held out."""

    features: tuple[str, ...] = Field(
        ("one_hot",), min_length=1,
        description="Any of one_hot, positions, letters, blosum62, hydropathy, num_mutations, embedding_mean, "
        "embedding_sites, and columns of a table of scores.",
    )  # fmt: skip
    learner: SavedLearnerConfig = Field(RidgeConfig(), description="What learns.")
    level: float = Field(0.9, gt=0, lt=1, description="Nominal coverage of the intervals.")
    held_out: float = Field(0.2, gt=0, lt=1, description="Share of the variants that calibrate.")
    new_positions: float = Field(
        0.2, ge=0, lt=1,
        description="Share of the positions that are not learned from but calibrate for new positions; 0 where "
        "variants have several mutations.",
    )  # fmt: skip
    seed: int = Field(0, description="Seed of the deal and the model.")


class HeldOut(Config):
    """What the model reaches on variants that it did not learn from, and the interval that they calibrated."""

    num_variants: int = Field(description="Held-out variants.")
    num_positions: int = Field(description="Positions that they mutate.")
    rmse: float = Field(description="Root mean squared error, in the unit of the measurement.")
    spearman: float | None = Field(description="Rank correlation; none where the prediction is constant.")
    interval: SplitConformal | None = Field(description="The interval; none with too few for the level.")


class ScanModelFile(Config):
    """What a folder of a model says of itself."""

    format: Literal["protea-scan-model-1"] = Field("protea-scan-model-1", description="Format of the folder.")
    config: ScanModelConfig = Field(description="Settings.")
    name: str = Field(description="Name of the wild type.")
    wild_type: str = Field(description="Its residues.")
    first_number: int = Field(description="Number of the first of them in names.")
    measured: str = Field(description="Column of the measurement, whose unit and direction the answers have.")
    columns: FittedColumns = Field(description="What is seen of a variant.")
    positions: tuple[int, ...] = Field(description="Positions, from 0, that were learned from.")
    most_mutations: int = Field(description="Most mutations of a variant that was learned from.")
    num_train: int = Field(description="Variants that were learned from.")
    facts: dict[str, float | int] = Field(description="What the learner chose.")
    known: HeldOut = Field(description="Held-out variants at positions that were learned from.")
    new: HeldOut | None = Field(description="Variants at positions that were not; none where none were held out.")
    sha256: dict[str, str] = Field(
        {}, description="SHA-256 of the file of weights beside this one, by name; none in folders written before."
    )


@dataclass(frozen=True, eq=False)
class VariantAnswers:
    """What is predicted of variants; an interval is NaN where none is promised. Axes: variant, bound."""

    value: Float[np.ndarray, " variant"]
    std: Float[np.ndarray, " variant"] | None
    interval: Float[np.ndarray, "variant 2"]
    is_position_known: Bool[np.ndarray, " variant"]
    interval_of: tuple[IntervalKind, ...]


@dataclass(frozen=True, eq=False)
class ScanModel:
    """A model in memory."""

    file: ScanModelFile
    learner: FittedLearner

    def predict(
        self, names: Sequence[str], variants: Sequence[Variant], external: ExternalColumns = NOTHING_EXTERNAL
    ) -> VariantAnswers:
        """Return the answers for variants of the same wild type.

        An interval holds the measurement with the level's probability for variants like those that calibrated it:
        at positions that were all learned from, or (single mutants) at one that was not. Where variants have more
        mutations than any that was learned from, or nothing calibrated the case, none is promised and none is given.
        """
        found = self.learner.predict(self.file.columns.columns(names, variants, external))
        trained = set(self.file.positions)
        is_known = np.array([trained.issuperset(variant.positions) for variant in variants], dtype=bool)
        kinds = tuple(self._kind(variant, bool(known)) for variant, known in zip(variants, is_known, strict=True))
        interval = np.full((len(kinds), 2), np.nan)
        for kind, held in (("known positions", self.file.known), ("new positions", self.file.new)):
            rows = np.array([own == kind for own in kinds], dtype=bool)
            if held is not None and held.interval is not None and rows.any():
                sigma = None if found.std is None else found.std[rows]
                interval[rows] = held.interval.intervals(found.mean[rows], sigma)
        return VariantAnswers(found.mean, found.std, interval, is_known, kinds)

    def _kind(self, variant: Variant, is_known: bool) -> IntervalKind:
        held = self.file.known if is_known else self.file.new
        if held is None or held.interval is None or len(variant) > self.file.most_mutations:
            return "none"
        return "known positions" if is_known else "new positions"

    def require_wild_type(self, letters: str) -> None:
        """Raise InputError where these are not the residues of the model's wild type; say where they differ."""
        own = self.file.wild_type
        if letters == own:
            return
        places = [i for i, (one, other) in enumerate(zip(own, letters, strict=False)) if one != other]
        where = f"{len(letters)} residues against {len(own)}" if len(letters) != len(own) else (
            f"{len(places)} of {len(own)} differ, the first is {letters[places[0]]} instead of {own[places[0]]} at "
            f"{places[0] + self.file.first_number}"
        )  # fmt: skip
        raise InputError(
            describe(f"the model is of another wild type ({self.file.name})", found=where,
                     do="Fit a model to a scan of this wild type.")
        )  # fmt: skip

    def save(self, folder: Path) -> None:
        """Write the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays = {name: np.ascontiguousarray(one) for name, one in arrays_of_learner(self.learner).items()}
        with usual_rights(folder / _WEIGHTS):
            save_file(arrays, folder / _WEIGHTS)
        file = self.file.model_copy(update={"sha256": sha256_of(folder, (_WEIGHTS,))})
        (folder / _FILE).write_text(file.model_dump_json(indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "ScanModel":
        """Return the model in a folder; raise InputError or FileFormatError where there is none, or it was changed."""
        path = folder / _FILE
        if not path.is_file() or not (folder / _WEIGHTS).is_file():
            raise InputError(
                describe("no model of a scan", where=str(folder), expected=f"{_FILE} and {_WEIGHTS}",
                         do="Name a folder that `protea variants fit` wrote.")
            )  # fmt: skip
        try:
            tree = json.loads(path.read_text(encoding="utf-8"))
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise FileFormatError(describe("not a model of a scan", where=str(path), found=str(error))) from error
        stated = parse_config(ScanModelFile, tree, where=str(path))
        check_sha256(folder, stated.sha256)
        file = stated.model_copy(update={"sha256": {}})  # of files: what is in memory may be kept elsewhere
        arrays = read_kept_arrays(folder / _WEIGHTS)
        return cls(file, learner_of_arrays(file.config.learner, file.facts, arrays))


@dataclass(frozen=True, eq=False)
class _Deal:
    """Rows that are learned from, that calibrate known positions, and that calibrate new ones."""

    train: Int[np.ndarray, " train"]
    known: Int[np.ndarray, " known"]
    new: Int[np.ndarray, " new"]


def fit_scan(
    config: ScanModelConfig, name: str, wild_type: str, first_number: int, measured: str, names: Sequence[str],
    variants: Sequence[Variant], value: Float[np.ndarray, " variant"], external: ExternalColumns = NOTHING_EXTERNAL,
) -> ScanModel:  # fmt: skip
    """Return the model fitted to a part of the measured variants and calibrated on the others.

    Args:
        config: settings.
        name: of the wild type.
        wild_type: its residues.
        first_number: the number that names give to the first of them.
        measured: name of the measurement.
        names: of the variants, as external tables call them.
        variants: each once.
        value: what was measured.
        external: what other models say of them.

    Raises:
        ConfigError: no such features.
        InputError: too few variants, one that stands twice, or one that the features cannot describe.
    """
    if len(set(variants)) != len(variants):
        raise InputError(describe("a variant stands twice", where=name, expected="each measured variant once"))
    deal = _dealt(variants, config)
    columns = fit_columns(config.features, names, variants, len(wild_type), deal.train, external)
    found = columns.columns(names, variants, external)
    folds = random_folds(deal.train.size, _INNER_FOLDS, config.seed + 1)
    learner = config.learner.fit(found[deal.train], value[deal.train], folds, config.seed)
    answer = learner.predict(found)
    positions = tuple(sorted({place for row in deal.train for place in variants[row].positions}))
    known = _held_out(config.level, answer, value, deal.known, variants, is_new=False)
    new = _held_out(config.level, answer, value, deal.new, variants, is_new=True) if deal.new.size else None
    file = ScanModelFile(
        config=config, name=name, wild_type=wild_type, first_number=first_number, measured=measured, columns=columns,
        positions=positions, most_mutations=max(len(variants[row]) for row in deal.train), num_train=deal.train.size,
        facts=learner.facts, known=known, new=new,
    )  # fmt: skip
    return ScanModel(file, learner)


def _dealt(variants: Sequence[Variant], config: ScanModelConfig) -> _Deal:
    rng = np.random.default_rng(config.seed)
    places = [set(variant.positions) for variant in variants]
    is_single = all(len(own) == 1 for own in places)
    # A variant with several mutations would be new at some of its positions only: what such an interval holds for
    # nobody could say.
    every = np.array(sorted(set().union(*places)), dtype=np.int64)
    num_new = round(config.new_positions * every.size) if is_single else 0
    held_positions = set(rng.permutation(every)[:num_new].tolist())
    is_new = np.array([not own.isdisjoint(held_positions) for own in places], dtype=bool)
    rest = rng.permutation(np.flatnonzero(~is_new))
    num_held = round(config.held_out * rest.size)
    held, train = rest[:num_held], np.sort(rest[num_held:])
    trained = set().union(*(places[row] for row in train))
    known = np.array(sorted(row for row in held.tolist() if places[row] <= trained), dtype=np.int64)
    if train.size < _LEAST or not known.size:
        raise InputError(
            describe("too few variants", expected=f"{_LEAST} or more to learn from, and one at their positions that "
                     "is held out", found=f"{train.size} and {known.size} of {len(variants)}")
        )  # fmt: skip
    return _Deal(train, known, np.flatnonzero(is_new))


def _held_out(
    level: float, answer: Prediction, value: Float[np.ndarray, " variant"], rows: Int[np.ndarray, " held"],
    variants: Sequence[Variant], *, is_new: bool,
) -> HeldOut:  # fmt: skip
    truth, mean = value[rows], answer.mean[rows]
    # Variants at one new position err together.
    unit = np.array([variants[row].positions[0] for row in rows]) if is_new else None
    sigma = None if answer.std is None else answer.std[rows]
    interval = fit_split_conformal(truth, mean, level, sigma=sigma, unit=unit)
    try:
        correlation = spearman(truth, mean)
    except UndefinedMetric:
        correlation = None  # a one-hot model says one number at positions that it never saw
    return HeldOut(
        num_variants=rows.size, num_positions=len({place for row in rows for place in variants[row].positions}),
        rmse=rmse(truth, mean), spearman=correlation, interval=interval if np.isfinite(interval.bound) else None,
    )  # fmt: skip
