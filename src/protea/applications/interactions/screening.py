"""All pairs of a proteome by one model: each protein is read once, pairs go by in tiles, the best are kept.

A block of proteins against all others is the unit of work: its result is written whole, by renaming, and a run that was
cut short goes on at the first block that is missing. Tiles, and so roundings, follow from the settings alone, so an
interrupted run ends with the same bytes. Memory: the states of all proteins, one tile, and the best of a block.

Files: `partners.csv` (the best partners of each protein), `pairs.csv` (the best pairs of all), `screen.json` (what was
asked), `blocks/` (until the end). A protein is not paired with itself. Ties go to the earlier proteins of the input.
"""

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from protea.applications.interactions.pair_predictor import PairPredictor
from protea.applications.interactions.protein_inputs import ProteinInputs
from protea.applications.interactions.tiles import Best, all_states, best_columns, probability_tiles
from protea.cluster.whole_file import whole_file, write_json
from protea.errors import InputError, describe

__all__ = ["Screen", "screen"]

_RESULTS = ("partners.csv", "pairs.csv", "blocks")
_BLOCK = 256
"""Proteins whose result is written at once."""


class Screen(NamedTuple):
    """What a screen left behind."""

    num_proteins: int
    num_pairs: int
    num_blocks_before: int
    files: tuple[Path, ...]


def screen(
    predictor: PairPredictor, inputs: ProteinInputs, ids: Sequence[str], output: str, folder: Path, *,
    top: int = 20, top_pairs: int = 1000, say: Callable[[str], None],
) -> Screen:  # fmt: skip
    """Return what was written: the `top` partners of each protein and the `top_pairs` best pairs, by one output.

    Raises:
        InputError: if the model has no such output, there are fewer than two proteins, or the folder holds a screen of
            other proteins, model or settings.
    """
    if output not in predictor.outputs or len(ids) < 2:
        raise InputError(
            describe("nothing to screen", expected=f"one of {', '.join(predictor.outputs)} and two or more proteins",
                     found=f"{output!r} and {len(ids)}")
        )  # fmt: skip
    column = predictor.outputs.index(output)
    _begin(folder, _plan(predictor, inputs, ids, output, top, top_pairs))
    files = (folder / "partners.csv", folder / "pairs.csv")
    starts = list(range(0, len(ids), _BLOCK))
    num_pairs = len(ids) * (len(ids) - 1) // 2
    if all(path.exists() for path in files):
        return Screen(len(ids), num_pairs, len(starts), files)
    (folder / "blocks").mkdir(exist_ok=True)
    num_done = len(list((folder / "blocks").glob("*.npz")))
    if num_done < len(starts):
        state = all_states(predictor, inputs, len(ids))
        for number, start in enumerate(starts):
            path = folder / "blocks" / f"{number:06d}.npz"
            if path.exists():
                continue
            rows = np.arange(start, min(start + _BLOCK, len(ids)))
            _write_block(path, *_block(predictor, state, rows, column, top, top_pairs))
            say(f"{rows[-1] + 1} of {len(ids)} proteins against all")
    _finish(folder, ids, output, files, top_pairs)
    shutil.rmtree(folder / "blocks")
    return Screen(len(ids), num_pairs, num_done, files)


def _plan(
    predictor: PairPredictor, inputs: ProteinInputs, ids: Sequence[str], output: str, top: int, top_pairs: int
) -> dict[str, object]:
    """Return everything that the bytes of a screen follow from, but the code."""
    return {
        "proteins": len(ids), "names_sha256": hashlib.sha256("\n".join(ids).encode()).hexdigest(),
        "inputs_sha256": inputs.digest(), "model_sha256": predictor.digest(), "output": output, "top": top,
        "top_pairs": top_pairs, "block": _BLOCK, "threads": torch.get_num_threads(),
        "network": str(predictor.facts.get("network", "")),
    }  # fmt: skip


def _begin(folder: Path, plan: dict[str, object]) -> None:
    """Write the plan, or raise InputError where the one that is there is another, or results are there without one."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "screen.json"
    if path.exists():
        found = json.loads(path.read_text(encoding="utf-8"))
        other = sorted(name for name in plan if found.get(name) != plan[name])
        if other:
            raise InputError(
                describe("a screen of other proteins, model or settings", where=str(folder), found=", ".join(other),
                         do="Take another folder.")
            )  # fmt: skip
        return
    there = [name for name in _RESULTS if (folder / name).exists()]
    if there:
        raise InputError(
            describe("results without the plan of their screen", where=str(folder), expected="screen.json beside them",
                     found=", ".join(there), do="Move them away, or take another folder.")
        )  # fmt: skip
    write_json(plan, path)


def _block(
    predictor: PairPredictor, state: Float[Tensor, "protein *state"], rows: Int[np.ndarray, " block"], column: int,
    top: int, top_pairs: int,
) -> tuple[Best, Best]:  # fmt: skip
    """Return the best partners of each protein of a block, and the best pairs with a later protein."""
    score = np.empty((len(rows), len(state)), np.float32)
    for start, tile in probability_tiles(predictor, state[torch.from_numpy(rows)], state, _BLOCK):
        score[:, start : start + tile.shape[1]] = tile[..., column]
    score[np.arange(len(rows)), rows] = -1.0  # a protein and itself
    partners = best_columns(score, min(top, len(state) - 1))
    score[np.arange(len(state))[None] <= rows[:, None]] = -1.0  # each pair once
    flat = best_columns(score.reshape(1, -1), min(top_pairs, score.size))
    is_pair = flat.score[0] >= 0
    place = flat.row[0][is_pair]
    pair = np.stack([rows[place // len(state)], place % len(state)], axis=1)
    return partners, Best(flat.score[0][is_pair], pair)


def _write_block(path: Path, partners: Best, pairs: Best) -> None:
    with whole_file(path) as draft, draft.open("wb") as handle:
        np.savez(handle, partner_score=partners.score, partner=partners.row, pair_score=pairs.score, pair=pairs.row)
        handle.flush()
        os.fsync(handle.fileno())


def _finish(folder: Path, ids: Sequence[str], output: str, files: tuple[Path, Path], top_pairs: int) -> None:
    """Write both tables from the blocks."""
    partners_file, pairs_file = files
    blocks = sorted((folder / "blocks").glob("*.npz"))
    best_score, best_pair = np.zeros(0, np.float32), np.zeros((0, 2), np.int64)
    with whole_file(partners_file) as draft, draft.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["protein", "rank", "partner", output])
        for number, path in enumerate(blocks):
            with np.load(path, allow_pickle=False) as block:
                for offset, (scores, others) in enumerate(zip(block["partner_score"], block["partner"], strict=True)):
                    name = ids[number * _BLOCK + offset]
                    for rank, (score, other) in enumerate(zip(scores, others, strict=True), start=1):
                        writer.writerow([name, rank, ids[int(other)], f"{score:.6f}"])
                best_score = np.concatenate([best_score, block["pair_score"]])
                best_pair = np.concatenate([best_pair, block["pair"]])
            order = np.argsort(-best_score, kind="stable")[:top_pairs]
            best_score, best_pair = best_score[order], best_pair[order]
    with whole_file(pairs_file) as draft, draft.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["protein_a", "protein_b", output])
        for (a, b), score in zip(best_pair.tolist(), best_score, strict=True):
            writer.writerow([ids[a], ids[b], f"{score:.6f}"])
