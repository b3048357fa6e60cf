"""A predictor in use: one encoding of a sequence, and from it everything that is said of the protein.

A folder of `protea properties fit` holds the predictor and its doubt; a run of `protea function` and one of
`protea interactions` may join them. Axes: protein, residue, channel.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float

from protea.applications.function.function_run import FunctionRun, load_function_run
from protea.applications.properties.fitted.doubt import Doubt
from protea.applications.properties.fitted.predictor import PropertyPredictor
from protea.datasets.stored_embeddings import Refusal
from protea.errors import InputError, describe
from protea.predict.answer import Answer, Familiarity, ProteinAnswers
from protea.predict.answering import answers_of, given_tracks, track_of
from protea.predict.partners import AskedPartners
from protea.predict.reading_remarks import reading_remarks
from protea.predict.terms import terms_of
from protea.protein.record import Protein

__all__ = ["Predictor"]


@dataclass(frozen=True, eq=False)
class Predictor:
    """All properties of a fitted predictor at once; terms of function and partners where a run of them is given."""

    properties: PropertyPredictor
    doubt: Doubt
    function: FunctionRun | None = None
    partners: AskedPartners | None = None

    @classmethod
    def load(cls, folder: Path, function: Path | None = None) -> "Predictor":
        """Return the predictor of a folder, with a run of function if given.

        Raises:
            InputError: if one of the folders is none.
            FileFormatError: if a file of them is damaged.
        """
        run = None if function is None else load_function_run(function)
        return cls(PropertyPredictor.load(folder), Doubt.load(folder), run)

    def only(self, names: Sequence[str]) -> "Predictor":
        """Return the predictor of some of its properties; raise InputError for others."""
        return replace(self, properties=self.properties.only(names), doubt=self.doubt.only(names))

    def looking_for(self, partners: AskedPartners) -> "Predictor":
        """Return the predictor that also looks for partners."""
        return replace(self, partners=partners)

    def save(self, folder: Path) -> None:
        """Write the folder, without the runs of function and of interactions."""
        self.properties.save(folder)
        self.doubt.save(folder)

    @property
    def names(self) -> tuple[str, ...]:
        """The properties, by name."""
        return tuple(self.properties.file.properties)

    def note(self, number: int, num_shown: int, refused: Sequence[Refusal] = ()) -> str:
        """Return what a page says of where its numbers come from, and of what could not be asked about."""
        every = "1 protein" if number == 1 else f"{number:,} proteins"
        shown = every if num_shown == number else f"the first {num_shown:,} of {number:,} proteins"
        file = self.properties.file
        num_heads, num_maps, num_trained = len(self.names) - len(file.columns), len(file.columns), len(file.trained_on)
        maps = f" and {num_maps} linear maps of cheap columns" if num_maps else ""
        return (
            f"{shown[0].upper()}{shown[1:]}, answered by one encoder with {num_heads} heads{maps}, trained on "
            f"{num_trained:,} sequences. Intervals were calibrated on families that were held out; they hold for "
            "proteins like those of the training, which ● marks, and may be too narrow for others, which ▲ marks."
            f"{_told(refused)}"
        )

    def __call__(self, proteins: Sequence[Protein], *, with_tracks: bool = True) -> list[ProteinAnswers]:
        """Return what is said of each protein, in their order; of a structure its letters alone are read.

        Raises:
            InputError: if a protein has no residue, or several chains.
        """
        empty = [protein.id for protein in proteins if not len(protein)]
        if empty:
            raise InputError(describe("a protein without residues", where=", ".join(empty[:5])))
        several = [protein.id for protein in proteins if len(np.unique(protein.chain_of)) > 1]
        if several:
            raise InputError(
                describe("a protein of several chains", where=", ".join(several[:5]), expected="one chain",
                         do="Ask about each: `protea.predict.chains.chains_of(protein)`.")
            )  # fmt: skip
        sequences = [protein.sequence for protein in proteins]
        levels = {name: item.level for name, item in self.properties.file.properties.items()}
        asked = [name for name in self.names if with_tracks or levels[name] != "residue"]
        reading = self.properties.read(sequences, asked)
        familiarity = self._familiarity(reading.embedding)
        answers: list[list[Answer]] = [[] for _ in proteins]
        for name in asked:
            item, doubt, values = self.properties.property(name), self.doubt.properties[name], reading.answers[name]
            if item.level != "residue":
                for own, answer in zip(answers, answers_of(item, np.stack(values), doubt, familiarity), strict=True):
                    own.append(answer)
        terms = [()] * len(proteins) if self.function is None else terms_of(self.function, sequences)
        partners = [None] * len(proteins) if self.partners is None else self.partners(proteins)
        along = [name for name in asked if levels[name] == "residue"]
        return [
            ProteinAnswers(
                protein.id, protein.sequence, tuple(answers[place]),
                tuple(
                    track_of(self.properties.property(name), reading.answers[name][place], self.doubt.properties[name])
                    for name in along
                )
                + (given_tracks(protein) if with_tracks else ()),
                protein if protein.num_atoms else None,
                remarks=_remarks(protein, has_terms=terms[place] is not None),
                terms=terms[place] or (),
                interactions=partners[place],
            )
            for place, protein in enumerate(proteins)
        ]  # fmt: skip

    def _familiarity(self, embedding: Float[np.ndarray, "protein channel"]) -> list[Familiarity | None]:
        if self.doubt.domain is None:
            return [None] * len(embedding)
        read = self.doubt.domain.read(embedding)
        share = np.maximum(read.neighbour_percentile, read.mahalanobis_percentile)
        return [Familiarity(float(100 * one), bool(inside)) for one, inside in zip(share, read.in_domain, strict=True)]


def _remarks(protein: Protein, *, has_terms: bool) -> tuple[str, ...]:
    """Return what the answers about a protein do not cover, and why, and how it was read."""
    no_terms = () if has_terms else ("No terms of function: none of the twenty letters is in the sequence.",)
    return (*no_terms, *reading_remarks(protein))


def _told(refused: Sequence[Refusal]) -> str:
    """Return a sentence on what was refused, the first three with their reasons."""
    if not refused:
        return ""
    first = "; ".join(f"{one.name} ({one.reason})" for one in refused[:3])
    what = "1 record or file was" if len(refused) == 1 else f"{len(refused):,} records or files were"
    return f" {what} refused and not answered: {first}{'; and others' if len(refused) > 3 else ''}."
