"""Models that score the variants of a scan without a measurement: language models, and the letters of relatives.

Each knows a digest of all that its scores follow from, so that finished work is told apart before anything is scored.
"""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field

from protea.applications.variants.measured_scan import MeasuredScan
from protea.applications.variants.site_independent import PSEUDOCOUNT, letter_shares, site_independent_scores
from protea.applications.variants.wild_type import spelled_wild_type
from protea.applications.variants.zero_shot import Method, ZeroShotScorer
from protea.config import Config
from protea.datasets.aligned_relatives import aligned_relatives
from protea.datasets.sequence_search import SearchSettings, mmseqs_version
from protea.datasets.sources.interface import file_digest
from protea.encoders.weights.language_models import load_language_model
from protea.protein.readers.fasta import read_fasta

__all__ = ["AnyScoreModel", "LanguageModelScores", "NamedScores", "ScoreModel", "SiteIndependentScores"]


class ScoreModel(Config, ABC):
    """Base of the models."""

    @abstractmethod
    def digest(self, data: Path) -> str:
        """Return a digest of settings, weights and files; `data` is the folder of the data."""

    @abstractmethod
    def scores(self, scan: MeasuredScan, data: Path) -> Float[np.ndarray, " variant"]:
        """Return the score of each variant, higher is fitter.

        Raises:
            InputError: a variant that the model cannot score, such as one with a stop.
        """


class LanguageModelScores(ScoreModel):
    """A language model, or the mean of several of one vocabulary."""

    kind: Literal["language_model"] = "language_model"
    weights: tuple[str, ...] = Field(description="Names that `protea weights list` prints.", min_length=1)
    method: Method = Field("masked_marginals", description="What a score is; see `zero_shot`.")

    def digest(self, data: Path) -> str:
        """Return a digest of the settings and of the weights."""
        del data
        return _digest(self, *(one for name in self.weights for one in load_language_model(name).digests))

    def scores(self, scan: MeasuredScan, data: Path) -> Float[np.ndarray, " variant"]:
        """Return the scores by the method."""
        del data
        scorer = ZeroShotScorer([load_language_model(name).model for name in self.weights])
        return scorer.scores(spelled_wild_type(scorer.vocabulary, scan.wild_type, None), scan.variants, self.method)


class SiteIndependentScores(ScoreModel):
    """Letters of the relatives that a file of sequences holds."""

    kind: Literal["site_independent"] = "site_independent"
    sequences: Path = Field(description="FASTA of sequences among which relatives are looked for, below the data.")
    search: SearchSettings = Field(
        SearchSettings(min_identity=0.0, min_coverage=0.5), description="Who is a relative of the wild type."
    )
    pseudocount: float = Field(PSEUDOCOUNT, gt=0, description="Sequences' worth of the mean composition.")

    def digest(self, data: Path) -> str:
        """Return a digest of the settings, the file and the program that searches it."""
        return _digest(self, file_digest(data / self.sequences), mmseqs_version())

    def scores(self, scan: MeasuredScan, data: Path) -> Float[np.ndarray, " variant"]:
        """Return the difference of logarithms of shares."""
        targets = [protein.sequence for protein in read_fasta(data / self.sequences)]
        relatives = aligned_relatives(scan.wild_type, targets, self.search)
        shares = letter_shares(scan.wild_type, relatives, self.pseudocount)
        return site_independent_scores(scan.wild_type, scan.variants, shares)


AnyScoreModel = Annotated[LanguageModelScores | SiteIndependentScores, Field(discriminator="kind")]


class NamedScores:
    """The scores of scans by named models; a digest or a score is made when it is first asked for, and kept."""

    def __init__(self, models: Mapping[str, AnyScoreModel], data: Path) -> None:
        self.models, self.data = models, data
        self._digest_of: dict[str, str] = {}
        self._score_of: dict[tuple[str, str], Float[np.ndarray, " variant"]] = {}

    def digests(self, features: Sequence[str]) -> list[str]:
        """Return the digests of those models that are among the features."""
        for name in self._asked(features):
            if name not in self._digest_of:
                self._digest_of[name] = self.models[name].digest(self.data)
        return [self._digest_of[name] for name in self._asked(features)]

    def scores(self, scan: MeasuredScan, features: Sequence[str]) -> dict[str, Float[np.ndarray, " variant"]]:
        """Return the scores of a scan by those models that are among the features."""
        for name in self._asked(features):
            if (scan.name, name) not in self._score_of:
                self._score_of[scan.name, name] = self.models[name].scores(scan, self.data)
        return {name: self._score_of[scan.name, name] for name in self._asked(features)}

    def _asked(self, features: Sequence[str]) -> list[str]:
        return [name for name in features if name in self.models]


def _digest(model: ScoreModel, *parts: str) -> str:
    settings = json.dumps(model.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256("\n".join([settings, *parts]).encode()).hexdigest()
