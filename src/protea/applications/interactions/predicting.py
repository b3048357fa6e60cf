"""Pairs of a FASTA file asked of a model, and their maps of residue pairs."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int

from protea.applications.interactions.pair_predictor import PairPredictor
from protea.applications.interactions.pair_tables import map_csv, map_picture, read_pairs
from protea.applications.interactions.protein_inputs import ProteinInputs
from protea.errors import InputError, describe
from protea.objectives.bilinear_attention import BilinearAttention
from protea.protein.readers.fasta import read_fasta

__all__ = ["PredictedPairs", "predict_table", "read_proteins", "write_maps"]

_AT_ONCE = 4096
"""Pairs asked together."""


class PredictedPairs(NamedTuple):
    """Proteins, the pairs of them that were asked, and the probability of each output."""

    ids: tuple[str, ...]
    inputs: ProteinInputs
    pairs: Int[np.ndarray, "pair 2"]
    probability: Float[np.ndarray, "pair output"]


def read_proteins(path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return ids and sequences of a FASTA file; raise InputError where it holds fewer than two proteins."""
    records = list(read_fasta(path))
    if len(records) < 2:
        raise InputError(
            describe("a pair needs two proteins", where=str(path), expected="two records or more",
                     found=str(len(records)))
        )  # fmt: skip
    return tuple(record.id for record in records), tuple(record.sequence for record in records)


def predict_table(
    predictor: PairPredictor, proteins: Path, table: Path | None, embeddings: Path | None
) -> PredictedPairs:
    """Return the answers for the pairs of a table, or for the first two proteins of the file.

    Raises:
        InputError: if a protein of the table is not in the file, or embeddings are missing.
    """
    ids, sequences = read_proteins(proteins)
    row_of = {name: row for row, name in enumerate(ids)}
    pairs = np.array([[0, 1]]) if table is None else read_pairs(table, row_of)
    inputs = ProteinInputs(predictor.config.inputs, sequences, embeddings, predictor.head.reads_residues)
    used, place = np.unique(pairs, return_inverse=True)
    state = torch.cat([predictor.states(inputs, used[start : start + 64]) for start in range(0, len(used), 64)])
    first, second = torch.from_numpy(place.reshape(pairs.shape)).T
    found = [
        predictor.probability(state[first[start : start + _AT_ONCE]], state[second[start : start + _AT_ONCE]])
        for start in range(0, len(pairs), _AT_ONCE)
    ]
    return PredictedPairs(ids, inputs, pairs, torch.cat(found).numpy())


@torch.no_grad()
def write_maps(predictor: PairPredictor, found: PredictedPairs, folder: Path) -> list[Path]:
    """Write the map of residue pairs of every pair, summed over glimpses, as CSV and SVG; return the files.

    Raises:
        InputError: if the head makes no map.
    """
    head = predictor.head
    if not isinstance(head, BilinearAttention):
        raise InputError(
            describe("this model makes no map of residue pairs", expected="bilinear attention",
                     found=predictor.config.head.kind, do="Fit a model with `head: {kind: bilinear_attention}`.")
        )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number, (first, second) in enumerate(found.pairs.tolist(), start=1):
        attention = head.eval().residue_map(found.inputs.residues_of(first), found.inputs.residues_of(second)).sum(0)
        names = (found.ids[first], found.ids[second])
        letters = (found.inputs.sequences[first], found.inputs.sequences[second])
        title = f"Residue pairs of {names[0]} and {names[1]}"
        contents = {
            ".csv": map_csv(attention.numpy(), *letters), ".svg": map_picture(attention.numpy(), title, names),
        }  # fmt: skip
        for suffix, content in contents.items():
            path = folder / f"pair-{number:04d}{suffix}"
            path.write_text(content, encoding="utf-8")
            files.append(path)
    return files
