"""What is said of a protein: a value with its interval per property, tracks along the sequence, and how familiar it is.

Axes: residue (of one protein). Values are in the unit of the property; a probability has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from jaxtyping import Float

from protea.errors import ContractError, describe
from protea.protein.alphabets import STANDARD_LETTERS
from protea.protein.record import Protein

__all__ = [
    "Answer",
    "Familiarity",
    "Interactions",
    "Interval",
    "Partner",
    "ProteinAnswers",
    "SubstitutionScan",
    "Term",
    "Track",
]


@dataclass(frozen=True)
class Interval:
    """Where the true value lies with the probability `level`; an end may be infinite where nothing is known."""

    low: float
    high: float
    level: float

    def __post_init__(self) -> None:
        if not (self.low <= self.high and 0 < self.level < 1):
            raise ContractError(
                describe("no interval", expected="low <= high and a level between 0 and 1",
                         found=f"{self.low} to {self.high} at {self.level}")
            )  # fmt: skip


@dataclass(frozen=True)
class Familiarity:
    """How far a protein is from those of the training, beside proteins that were held out of it.

    `percentile` is the share of held-out proteins (0 to 100) that are nearer; `is_in_domain` whether that is common.
    """

    percentile: float
    is_in_domain: bool


@dataclass(frozen=True, eq=False)
class Answer:
    """One property of one protein.

    Attributes:
        name: the property by its name; `title` is how people call it.
        unit: of value and interval; empty for pure numbers and probabilities.
        value: the value, or the probability of `predicted`; of labels that exclude nothing, that of the likeliest.
        predicted: the class, where there are classes.
        possible: the classes that cannot be ruled out at the level of the interval.
        probability: of every class.
        percentile: the share of known proteins (0 to 100) with a lower value.
        physical_range: where values can lie at all.
        sources: what it was learned from.
        limits: what it does not say.
        yes: what a probability is one of, where the property is yes or no.
    """

    name: str
    title: str
    unit: str
    value: float
    predicted: str | None = None
    interval: Interval | None = None
    possible: tuple[str, ...] = ()
    probability: Mapping[str, float] = field(default_factory=dict)
    percentile: float | None = None
    familiarity: Familiarity | None = None
    physical_range: tuple[float, float] | None = None
    sources: tuple[str, ...] = ()
    limits: str = ""
    yes: str = ""


@dataclass(frozen=True, eq=False)
class Track:
    """A property along the sequence: a value per residue, or a class per residue as one letter each.

    Attributes:
        letters: one letter per residue, where there are classes; `meaning` says what a letter stands for.
        value: the value of each residue, or the probability of its class; NaN where the property does not apply.
        low: the bottom of the picture; `high` its top.
        is_attribution: the values say what each residue adds to an answer, and have a sign.
    """

    name: str
    title: str
    unit: str
    value: Float[np.ndarray, " residue"]
    low: float
    high: float
    letters: str | None = None
    meaning: Mapping[str, str] = field(default_factory=dict)
    is_attribution: bool = False
    limits: str = ""


@dataclass(frozen=True)
class Term:
    """A term of an ontology that a protein may have: its id, its name, and a score from 0 to 1 that is no probability.

    No term scores above one of its ancestors.
    """

    id: str
    name: str
    score: float


@dataclass(frozen=True)
class Partner:
    """A protein that may interact with another, and its score from 0 to 1, which is no calibrated probability.

    Attributes:
        type: of interaction, the likeliest one; empty where the run tells only whether two interact.
        is_itself: it is the asked protein, by name and sequence.
        is_trained_on: it stands in a training pair of the run; None where the run cannot tell.
    """

    id: str
    score: float
    type: str = ""
    is_itself: bool = False
    is_trained_on: bool | None = None


@dataclass(frozen=True)
class Interactions:
    """The partners of a protein that score best among `num_asked`, the highest first.

    `note` says what a score is; `remarks` what to beware of in these.
    """

    partners: tuple[Partner, ...]
    num_asked: int
    note: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class SubstitutionScan:
    """What every substitution changes of one answer; 0 in the column of the residue itself.

    Attributes:
        name: the property; `title` is how people call it.
        asked: the number that changes, in words; `unit` is its unit.
        letters: the wild type, and `value` its own number.
        score: the change, per letter in the order of `STANDARD_LETTERS`.
        width: of the interval of each mutant; NaN where it has none.
    """

    name: str
    title: str
    asked: str
    unit: str
    letters: str
    value: float
    score: Float[np.ndarray, "residue 20"]
    width: Float[np.ndarray, "residue 20"]
    first_number: int = 1

    @cached_property  # asked for once per residue by pictures
    def mean(self) -> Float[np.ndarray, " residue"]:
        """The mean change over the substitutions of each residue."""
        is_other = np.array([[letter != own for letter in STANDARD_LETTERS] for own in self.letters])
        return (self.score * is_other).sum(1) / is_other.sum(1)


@dataclass(frozen=True, eq=False)
class ProteinAnswers:
    """All that is said of one protein; `structure` is the chain with its atoms, where one was given.

    `terms` are those of its function, the highest score first, where function was asked for; `interactions` are None
    where no partners were asked for. `remarks` say what was asked for and is not there, and why.
    """

    id: str
    sequence: str
    answers: tuple[Answer, ...]
    tracks: tuple[Track, ...] = ()
    structure: Protein | None = None
    scans: tuple[SubstitutionScan, ...] = ()
    remarks: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    interactions: Interactions | None = None

    def __post_init__(self) -> None:
        if self.structure is not None and self.structure.sequence != self.sequence:
            raise ContractError(describe("the structure has another sequence", where=self.id))
        for track in self.tracks:
            lengths = {len(track.value), len(self.sequence), len(track.letters or self.sequence)}
            if len(lengths) != 1:
                raise ContractError(
                    describe(f"the track {track.name} has another length", where=self.id,
                             expected=str(len(self.sequence)), found=str(sorted(lengths)))
                )  # fmt: skip
