"""Scores of structure pairs on reference arrays: RMSD and its rotation, TM-score, lDDT."""

import re

import numpy as np
import torch
from torch import Tensor

from protea.benchmark.parity.card import StructureTolerance
from protea.benchmark.parity.comparison import Comparison, Unsupported, compare
from protea.benchmark.parity.golden import Golden
from protea.geometry.lddt import lddt
from protea.geometry.superposition import rmsd, superpose
from protea.geometry.tm_score import tm_at_kabsch, tm_score

__all__ = ["compare_structures"]

_PAIR = re.compile(r"^(?P<pair>pair\d+)_(?P<what>.+)$")
_COUNTS = frozenset({"lddt_ca_pairs_per_residue"})


def compare_structures(golden: Golden) -> tuple[list[Comparison], dict[str, str]]:
    """Return the comparison of every score of every pair, and what was left aside."""
    bounds = StructureTolerance.of(golden.card)
    comparisons, aside = [], {}
    scores: dict[str, dict[str, np.ndarray]] = {}
    for name, expected in golden.outputs.items():
        match = _PAIR.match(name)
        if match is None or f"{match['pair']}_model_ca" not in golden.inputs:
            aside[name] = "not a score of a pair"
            continue
        pair, what = match["pair"], match["what"]
        if pair not in scores:
            scores[pair] = _scores(golden, pair)
        if what == "tm_align":
            aside[name] = "needs a free alignment, which is TM-align's own work"
        elif what == "tm_fixed_alignment":
            comparisons.append(_tm(name, float(scores[pair][what]), float(expected), bounds))
        elif what in {"tm_fixed_rotation", "tm_fixed_translation"}:
            aside[name] = "one motion of a search: its score is compared"
        elif what in scores[pair]:
            precision, bound = ("exact", 0.0) if what in _COUNTS else ("float64", bounds.exact)
            comparisons.append(compare(name, precision, scores[pair][what], expected, absolute=bound))
        else:
            aside[name] = "no such score here"
    if not comparisons:
        raise Unsupported(f"none of the outputs {sorted(golden.outputs)} is a score of structures")
    return comparisons, aside


def _tm(name: str, found: float, expected: float, bounds: StructureTolerance) -> Comparison:
    """Return the comparison of a maximum found by search: ours may be more by another bound than it may be less."""
    bound = bounds.tm_above if found > expected else bounds.tm_below
    note = "a search: more may be found, not less"
    return compare(name, "float64", np.asarray(found), np.asarray(expected), absolute=bound, note=note)


def _scores(golden: Golden, pair: str) -> dict[str, np.ndarray]:
    """Return every score of one pair by the name that goldens use."""
    model, reference = _points(golden, pair, "ca")
    ptr = torch.tensor([0, len(model)])
    found = lddt(model, reference, ptr)
    scores: dict[str, Tensor] = {
        "rmsd_ca": rmsd(model, reference, ptr)[0],
        # The reference multiplies row vectors from the right.
        "kabsch_rotation_row_vectors": superpose(model, reference, ptr).rotation[0].T,
        "tm_at_kabsch": tm_at_kabsch(model, reference, ptr)[0],
        "tm_fixed_alignment": tm_score(model, reference, ptr)[0],
        "lddt_ca": found.score[0],
        "lddt_ca_per_residue": found.item_score,
        "lddt_ca_pairs_per_residue": found.item_num_pairs,
    }
    if f"{pair}_model_atoms" in golden.inputs:
        atoms, atoms_of_reference = _points(golden, pair, "atoms")
        residue_of = torch.from_numpy(golden.inputs[f"{pair}_atom_residue"])
        heavy = lddt(atoms, atoms_of_reference, torch.tensor([0, len(atoms)]), residue_of=residue_of)
        scores["lddt_heavy"] = heavy.score[0]
    return {name: value.numpy() for name, value in scores.items()}


def _points(golden: Golden, pair: str, what: str) -> tuple[Tensor, Tensor]:
    model, reference = (torch.from_numpy(golden.inputs[f"{pair}_{side}_{what}"]) for side in ("model", "reference"))
    return model.double(), reference.double()
