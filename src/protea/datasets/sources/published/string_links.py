"""STRING (Szklarczyk et al. 2023): functional or physical links of the proteins of a species, with their scores.

Per species and version: a table of links, each pair in both directions, and a FASTA file. Scores are 0 to 1000. The
`physical` links join proteins of one complex, the `full` ones any that work together. Types of interaction (actions)
were retired after version 11.0.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv
from jaxtyping import Int
from pydantic import Field, model_validator

from protea.datasets.fetching.addresses import file_from_template, mirrored
from protea.datasets.fetching.remote_file import RemoteFile
from protea.datasets.interactions.network import InteractionNetwork, ordered_pairs
from protea.datasets.sources.fetched import FetchedSource
from protea.datasets.sources.interface import SourceReport, refuse
from protea.errors import FileFormatError, InputError, describe
from protea.protein.readers.fasta import read_fasta
from protea.protein.record import Protein

__all__ = ["STRINGConfig"]

_SCORES = {
    "physical": ("experimental", "database", "textmining", "combined_score"),
    "full": ("neighborhood", "fusion", "cooccurence", "coexpression", "experimental", "database", "textmining",
             "combined_score"),
}  # fmt: skip


class STRINGConfig(FetchedSource):
    """The proteins of some species by their STRING ids, in the order of ids; `network` gives their links.

    `combined_score` is read from the plain table; another score is one channel of evidence, from the detailed table.
    """

    kind: Literal["string"] = "string"
    species: tuple[str, ...] = Field(min_length=1, description="Taxonomy ids, such as 9606 for human")
    version: str = Field(default="12.0", pattern=r"^\d+\.\d+$", description="Version of STRING")
    links: Literal["physical", "full"] = Field(default="physical", description="Which of the two networks")
    score: str = Field(default="combined_score", description="Column that is the score of a pair")
    min_score: int = Field(default=700, ge=0, le=1000, description="Least score of a pair in `network`")

    @model_validator(mode="after")
    def _check(self) -> "STRINGConfig":
        if self.score not in _SCORES[self.links]:
            raise ValueError(f"score: the {self.links} links have {', '.join(_SCORES[self.links])}")
        if len(set(self.species)) != len(self.species) or not all(taxon.isdigit() for taxon in self.species):
            raise ValueError("species: different taxonomy ids, digits only")
        return self

    def address_sets(self) -> tuple[str, ...]:
        """Return no row of the address table: the files follow from templates."""
        return ()

    def remotes(self) -> tuple[RemoteFile, ...]:
        """Return the two files of each species."""
        table = {"physical": "string_physical", "full": "string_links"}[self.links]
        table += "" if self.score == "combined_score" else "_detailed"
        found = []
        for taxon in self.species:
            for template in (table, "string_sequences"):
                remote = file_from_template(template, taxon, "name", version=self.version)
                named = RemoteFile(remote.url, remote.url.rpartition("/")[2], is_verified=remote.is_verified)
                found.append(mirrored(named, self.mirror))
        return tuple(found)

    def network(self, report: SourceReport | None = None) -> InteractionNetwork:
        """Return all proteins with the pairs of at least `min_score`. Some proteins then have no pair."""
        whole = self.whole_network(report)
        assert whole.score is not None  # STRING scores every link
        keep = whole.score >= self.min_score
        if report is not None:
            report.count("pairs_of_the_least_score", int(keep.sum()))
        return whole.with_pairs(keep)

    def whole_network(self, report: SourceReport | None = None) -> InteractionNetwork:
        """Return all proteins that have a sequence, with every pair that the table lists, at any score.

        Its pairs are what must never be drawn as a negative (`known` of `non_interactions`): rows of proteins are the
        same as in `network`. A protein of the table without a sequence is refused by name and its pairs are counted.
        """
        sequence_of: dict[str, str] = {}
        for place in self._places("sequences"):
            sequence_of.update((record.id, record.sequence) for record in read_fasta(place))
        ids = tuple(sorted(sequence_of))
        index = pa.array(ids, pa.string())
        pairs, scores = [np.zeros((0, 2), np.int64)], [np.zeros(0, np.int64)]
        for place in self._places("links"):
            one, score = _links(place, index, self.score, report)
            pairs.append(ordered_pairs(ids, one))
            scores.append(score)
        every = np.concatenate(pairs)
        provenance = {"method": "STRING", "version": self.version, "links": self.links, "score": self.score}
        return InteractionNetwork(
            ids, every, np.ones((len(every), 1), bool), ("interaction",), tuple(id.partition(".")[0] for id in ids),
            tuple(sequence_of[id] for id in ids), np.concatenate(scores), provenance,
        )  # fmt: skip

    def _places(self, what: Literal["links", "sequences"]) -> list[Path]:
        names = [remote.name for remote in self.remotes()]
        return [self.place(name) for name in names if (".sequences." in name) == (what == "sequences")]

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Yield a record without atoms per protein of the FASTA files, in the order of ids."""
        for place in self._places("sequences"):
            for protein in sorted(read_fasta(place), key=lambda record: record.id):
                if report is not None:
                    report.num_proteins += 1
                yield protein

    def fingerprint(self) -> str:
        """Return a digest of the files and the settings."""
        return hashlib.sha256("\n".join(["string-1", self.settings(), *self.digests()]).encode()).hexdigest()


def _links(
    path: Path, ids: pa.Array, column: str, report: SourceReport | None
) -> tuple[Int[np.ndarray, "pair 2"], Int[np.ndarray, " pair"]]:
    """Return each pair of a table once, as rows of the ids, with its score."""
    options = pyarrow.csv.ConvertOptions(include_columns=["protein1", "protein2", column])
    try:
        table = pyarrow.csv.read_csv(
            path, parse_options=pyarrow.csv.ParseOptions(delimiter=" "), convert_options=options
        )
        score = table.column(column).cast(pa.int64()).to_numpy()
    except (pa.ArrowInvalid, pa.ArrowKeyError, pa.ArrowNotImplementedError, OSError) as error:
        raise FileFormatError(
            describe("not a table of links", where=str(path), expected=f"protein1 protein2 {column}", found=str(error))
        ) from error
    if len(score) and (score.min() < 0 or score.max() > 1000):
        raise FileFormatError(
            describe(
                f"{column} is no score", where=str(path), expected="0 to 1000", found=f"{score.min()} to {score.max()}"
            )
        )
    ends = [_rows(table.column(name), ids, path, report) for name in ("protein1", "protein2")]
    rows = np.stack(ends, axis=1)
    is_known, is_self = (rows >= 0).all(1), rows[:, 0] == rows[:, 1]
    if report is not None:
        report.count("rows_without_sequence", int((~is_known).sum()))
        report.count("rows_of_a_protein_with_itself", int((is_known & is_self).sum()))
    rows, score = np.sort(rows[is_known & ~is_self], axis=1), score[is_known & ~is_self]
    code, first, inverse, count = np.unique(
        rows[:, 0] * len(ids) + rows[:, 1], return_index=True, return_inverse=True, return_counts=True
    )
    if not np.array_equal(score, score[first][inverse]):
        row = rows[int(np.argmax(score != score[first][inverse]))]
        raise FileFormatError(
            describe("two scores of one pair", where=str(path), found=" ".join(str(ids[int(one)]) for one in row))
        )
    if report is not None:
        report.count("pairs", len(code))
        report.count("pairs_in_one_direction", int((count == 1).sum()))
    return rows[first], score[first]


def _rows(column: pa.ChunkedArray, ids: pa.Array, path: Path, report: SourceReport | None) -> Int[np.ndarray, " row"]:
    """Return the row of each id; -1, and a refusal by name, for one without a sequence."""
    found = pyarrow.compute.index_in(column.cast(pa.string()), value_set=ids)
    strangers = column.filter(pyarrow.compute.is_null(found)).unique().to_pylist()
    for id in sorted(strangers):
        if report is None or id not in report.refused:
            do = "Fetch links and sequences of one version, or read with a report."
            refuse(report, id, InputError(describe("no sequence", where=f"{path}: {id}", do=do)))
    return pyarrow.compute.fill_null(found, -1).to_numpy().astype(np.int64)
