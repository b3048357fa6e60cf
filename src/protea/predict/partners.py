"""Partners of proteins as part of the answers, from a run of `protea interactions fit`.

Partners are looked for in a list of proteins, or among the other proteins that are asked about. Of a list every protein
is scored, also the asked one if it stands there: whoever lists it asks about it. Axes: protein, partner.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from protea.applications.interactions.pair_predictor import PairPredictor, load_predictor
from protea.applications.interactions.partner_search import PartnerSearch
from protea.errors import InputError, describe
from protea.predict.answer import Interactions, Partner
from protea.predict.asked_proteins import AskedProteins
from protea.protein.record import Protein

__all__ = ["NUM_PARTNERS", "AskedPartners", "asked_partners", "listed_proteins", "run_note"]

NUM_PARTNERS = 5
"""Partners that are told of a protein, if not said otherwise."""


@dataclass(frozen=True, eq=False)
class AskedPartners:
    """A search, the names of its list, how many partners are told, and whether the list was given as one."""

    search: PartnerSearch
    ids: tuple[str, ...]
    num: int
    is_listed: bool

    @cached_property
    def _row_of(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.ids)}

    def digest(self) -> str:
        """Return a digest of all that decides the rows of a table: the run, the list, how many are told."""
        told = f"{self.num} {self.is_listed} {self.search.digest()}\n"
        return hashlib.sha256((told + "\n".join(self.ids)).encode()).hexdigest()

    def __call__(self, proteins: Sequence[Protein]) -> list[Interactions]:
        """Return the best partners of each protein, with remarks on what the run has seen of them."""
        own_rows = [None if self.is_listed else self._row_of.get(protein.id) for protein in proteins]
        found = self.search.best([protein.sequence for protein in proteins], self.num, own_rows)
        note = run_note(self.search.predictor)
        answers = []
        for protein, own_row, rows in zip(proteins, own_rows, found, strict=True):
            partners = tuple(self._partner(protein, one.row, one.score, one.output) for one in rows)
            num_asked = len(self.ids) - (own_row is not None)
            answers.append(Interactions(partners, num_asked, note, self._remarks(protein, partners)))
        return answers

    def _partner(self, protein: Protein, row: int, score: float, output: str) -> Partner:
        predictor, sequence = self.search.predictor, self.search.sequences[row]
        is_itself = (self.ids[row], sequence) == (protein.id, protein.sequence)
        told = output if predictor.config.asks == "types" else ""
        return Partner(self.ids[row], score, told, is_itself, predictor.is_trained_on(sequence))

    def _remarks(self, protein: Protein, partners: Sequence[Partner]) -> tuple[str, ...]:
        remarks = []
        if self.search.predictor.is_trained_on(protein.sequence):
            num = sum(bool(one.is_trained_on) for one in partners)
            remarks.append(
                f"The run of interactions was trained on pairs of this protein, and on {num} of the {len(partners)} "
                "partners told: what it says of them may be remembered."
            )
        if any(one.is_itself for one in partners):
            remarks.append("One of the partners is the protein itself. No run learns pairs of a protein with itself.")
        return tuple(remarks)


def run_note(predictor: PairPredictor) -> str:
    """Return what a score of a run is, and what the run reached on its own test pairs, where it says so."""
    if predictor.config.asks == "types":
        what = (
            "The run learned from pairs that are known to interact: a score says how two proteins interact if they do, "
            "not whether they do. It is that of the likeliest type, and no calibrated probability."
        )
    else:
        what = (
            "The run learned known pairs against as many that nobody has reported. A score is relative to that mix and "
            "no calibrated probability: in a proteome far fewer pairs interact."
        )
    test = predictor.facts.get("test")
    if not isinstance(test, dict):
        return what
    unseen = ", which share no protein with its training pairs," if predictor.config.way == "proteins" else ""
    # Over types, an AUROC is above chance by how common each type is.
    reached = (
        f"a micro-F1 of {test['micro_f1']:.2f}" if predictor.config.asks == "types"
        else f"an AUROC of {test['auroc']:.2f}; 0.50 is chance"
    )  # fmt: skip
    return f"{what} On its own test pairs{unseen} it reached {reached}."


def asked_partners(
    run: Path, proteins: Iterable[Protein], num: int = NUM_PARTNERS, *, is_listed: bool, embeddings: Path | None = None
) -> AskedPartners:
    """Return the partners to look for among proteins: those of a list, or those that are asked about.

    Args:
        run: folder of `protea interactions fit`.
        proteins: where partners are looked for; their sequences stay in memory.
        num: how many are told of each protein.
        is_listed: whether the proteins are a list of partners; else they are those asked about, and none is a partner
            of itself.
        embeddings: folder of `protea embed`, where the run reads embeddings.

    Raises:
        InputError: if the folder holds no such run, a protein has no partner, two partners have one name, or
            embeddings are missing.
    """
    predictor, known = load_predictor(run), [(protein.id, protein.sequence) for protein in proteins]
    repeated = [name for name, times in Counter(name for name, _ in known).items() if times > 1]
    if repeated:
        raise InputError(
            describe("two partners have one name", where=", ".join(repeated[:5]), expected="names that tell them apart")
        )
    if num < 1 or len(known) < (1 if is_listed else 2):
        raise InputError(
            describe("no partner to look for", expected="one protein or more, of which one or more are told",
                     found=f"{len(known)} in all, {num} told" if is_listed else "only the asked protein itself",
                     do="Name a file of partners (`--partners FASTA`).")
        )  # fmt: skip
    search = PartnerSearch(predictor, tuple(sequence for _, sequence in known), embeddings)
    if search.reads_embeddings:
        assert search.inputs is not None  # before hours of work, not after
    return AskedPartners(search, tuple(name for name, _ in known), num, is_listed)


def listed_proteins(path: Path) -> Iterable[Protein]:
    """Return the proteins of a file of partners.

    Raises:
        InputError: if one of them cannot be read: without it others would score best.
    """
    proteins = AskedProteins([path])
    if proteins.refused:
        told = "; ".join(f"{one.name} ({one.reason})" for one in proteins.refused[:3])
        raise InputError(
            describe(f"{len(proteins.refused)} partners cannot be read", where=str(path), found=told,
                     do="Mend the file, or take them out of it.")
        )  # fmt: skip
    return proteins()
