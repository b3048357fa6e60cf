"""Contacts as files (matrix, list of pairs, picture), and contact heads by the names that fair-esm gives them."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from safetensors.torch import save_file

from protea.applications.language.contact_map import contact_map
from protea.applications.language.contact_prediction import new_contact_head
from protea.benchmark.predict_files import to_csv
from protea.cluster.usual_rights import usual_rights
from protea.encoders.language.contacts import ContactHead
from protea.encoders.language.model import LanguageModel
from protea.encoders.weights.reading import read_tensors
from protea.errors import InputError, describe

__all__ = ["contact_rows", "read_contact_head", "safe_name", "write_contact_head", "write_contacts"]

_WEIGHT, _BIAS = "contact_head.regression.weight", "contact_head.regression.bias"


def contact_rows(
    probability: Float[np.ndarray, "residue residue"], sequence: str, least: float = 0.0, separation: int = 6
) -> list[dict[str, Any]]:
    """Return a row per pair i < j, the likeliest first; residues are counted from 1."""
    apart = np.subtract.outer(np.arange(len(sequence)), np.arange(len(sequence)))
    first, second = np.nonzero((-apart >= separation) & (probability >= least))
    order = np.argsort(-probability[first, second], kind="stable")
    return [
        {"i": int(i) + 1, "j": int(j) + 1, "residue_i": sequence[i], "residue_j": sequence[j],
         "probability": float(probability[i, j])}
        for i, j in zip(first[order], second[order], strict=True)
    ]  # fmt: skip


def safe_name(id: str) -> str:
    """Return an id as the name of a file: what is no letter, digit, dot, hyphen or underscore becomes `_`.

    A changed id gets a few digits of its own hash, so that two of them do not meet.
    """
    kept = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "_" for letter in id)
    kept = kept.lstrip(".")[:120] or "_"
    return kept if kept == id else f"{kept}-{hashlib.sha256(id.encode()).hexdigest()[:8]}"


def write_contacts(
    probability: Float[np.ndarray, "residue residue"], id: str, sequence: str, note: str, folder: Path, least: float
) -> tuple[Path, Path, Path]:
    """Write `<id>.npy` (the whole matrix, float32), `<id>.csv` (pairs of at least this probability) and `<id>.svg`."""
    folder.mkdir(parents=True, exist_ok=True)
    matrix, table, picture = (folder / f"{safe_name(id)}.{end}" for end in ("npy", "csv", "svg"))
    np.save(matrix, probability.astype(np.float32))
    rows = contact_rows(probability, sequence, least)
    table.write_text(to_csv(rows) if rows else "i,j,residue_i,residue_j,probability\n", encoding="utf-8")
    picture.write_text(contact_map(probability, f"Contacts of {id}", note), encoding="utf-8")
    return matrix, table, picture


def write_contact_head(head: ContactHead, path: Path) -> None:
    """Write a head as safetensors."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {_WEIGHT: head.weight.detach()[None].cpu().contiguous(), _BIAS: head.bias.detach()[None].cpu()}
    with usual_rights(path):
        save_file(content, path)


def read_contact_head(path: Path, model: LanguageModel) -> ContactHead:
    """Return a head from a file of ours or from fair-esm's `-contact-regression.pt`.

    Raises:
        InputError: if it is no contact head, or one of a model with other layers and heads.
    """
    tensors, head = read_tensors(path), new_contact_head(model)
    shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    wanted = {_WEIGHT: (1, len(head.weight)), _BIAS: (1,)}
    if shapes != wanted:
        raise InputError(
            describe("no contact head of this model", where=str(path), expected=str(wanted), found=str(shapes))
        )
    with torch.no_grad():
        head.weight.copy_(tensors[_WEIGHT][0])
        head.bias.copy_(tensors[_BIAS][0])
    return head
