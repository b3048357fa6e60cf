"""Predictions of a scan's model as a CSV table, and what its intervals mean in words."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from protea.applications.variants.mutations import Mutation, Variant
from protea.applications.variants.scan_model import HeldOut, ScanModelFile, VariantAnswers
from protea.errors import InputError, describe
from protea.protein.alphabets import STANDARD_LETTERS

__all__ = ["answer_columns", "answers_csv", "every_substitution", "model_facts", "words_of_intervals"]


def every_substitution(wild_type: str) -> tuple[Variant, ...]:
    """Return all substitutions of every standard residue, in the order of residues and letters."""
    return tuple(
        Variant((Mutation(place, own, letter),))
        for place, own in enumerate(wild_type) if own in STANDARD_LETTERS
        for letter in STANDARD_LETTERS if letter != own
    )  # fmt: skip


def answer_columns(answers: VariantAnswers) -> dict[str, list[Any]]:
    """Return the answers by column; a bound that is not promised is None."""
    low, high = (
        [None if np.isnan(one) else float(one) for one in answers.interval[:, side].tolist()] for side in (0, 1)
    )
    found: dict[str, list[Any]] = {"predicted": answers.value.tolist()}
    if answers.std is not None:
        found["std"] = answers.std.tolist()
    return {
        **found, "low": low, "high": high, "is_position_known": answers.is_position_known.tolist(),
        "interval_of": list(answers.interval_of),
    }  # fmt: skip


def answers_csv(head: Sequence[str], lines: Sequence[Sequence[str]], answers: VariantAnswers) -> str:
    """Return a table with the columns of answers behind its own; an empty cell is a bound that is not promised.

    Raises:
        InputError: if the table has a column of such a name already.
    """
    columns = answer_columns(answers)
    twice = [name for name in columns if name in head]
    if twice:
        raise InputError(describe(f"the table has a column {twice[0]!r} already", do="Take it out, or rename it."))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*head, *columns])
    for number, line in enumerate(lines):
        writer.writerow([*line, *(_cell(column[number]) for column in columns.values())])
    return text.getvalue()


def model_facts(file: ScanModelFile) -> dict[str, Any]:
    """Return what a reader of predictions must know of the model."""
    return {
        "wild_type": file.name, "residues": len(file.wild_type), "first_number": file.first_number,
        "measured": file.measured, "features": list(file.config.features), "learner": file.config.learner.kind,
        "learner_facts": dict(file.facts), "num_train": file.num_train, "num_positions": len(file.positions),
        "most_mutations": file.most_mutations, "level": file.config.level,
        "known_positions": _held_facts(file.known), "new_positions": _held_facts(file.new),
        "intervals": words_of_intervals(file),
    }  # fmt: skip


def words_of_intervals(file: ScanModelFile) -> dict[str, str]:
    """Return what an interval means, by the words of the column `interval_of`."""
    level = f"{file.config.level:.0%}"
    known, new = file.known, file.new
    of_known = (
        f"holds {level} of variants like the {known.num_variants} held out at positions that were learned from"
        if known.interval is not None
        else f"none: {known.num_variants} held-out variants are too few for {level}"
    )
    if new is None:
        of_new = "none: nothing was held out at new positions"
    elif new.interval is None:
        of_new = f"none: {new.num_positions} held-out positions are too few for {level}"
    else:
        of_new = f"holds {level} of the variants at a new position like the {new.num_positions} that were held out"
    none = f"no interval: a case above that has none, or more than {file.most_mutations} mutations"
    return {"known positions": of_known, "new positions": of_new, "none": none}


def _held_facts(held: HeldOut | None) -> Mapping[str, Any] | None:
    if held is None:
        return None
    bound = None if held.interval is None else held.interval.bound
    return {**held.model_dump(exclude={"interval"}), "bound": bound}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, float) else str(value)
