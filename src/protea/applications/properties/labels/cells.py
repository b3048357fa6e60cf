"""How a cell of a table becomes a label: a number, a class by name, several labels, a letter or positions per residue.

A decoder returns the values with what is known of them, or the reason why the row is left out. Axes: residue, label.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from pydantic import Field

from protea.config import Config
from protea.datasets.sources.labelled_sequences import letters_label, mask_of
from protea.errors import FileFormatError, InputError, describe
from protea.protein.alphabets import encode_sequence

__all__ = [
    "AnyCells",
    "Cells",
    "ClassCells",
    "Decoded",
    "LabelCells",
    "LetterCells",
    "NumberCells",
    "PositionCells",
    "letters_in",
    "number_in",
]


class Decoded(NamedTuple):
    """A label: values and what is known of them, of equal shape but for the label axis, which is known as a whole."""

    value: np.ndarray
    is_known: np.ndarray


class Cells(Config, ABC):
    """Base of the ways in which a label is written."""

    column: str = Field(description="Column that holds the label.")

    @abstractmethod
    def decode(self, row: Mapping[str, Any], sequence: str, classes: Sequence[str], where: str) -> Decoded | str:
        """Return the label of a row, or the reason why the row has none; raise FileFormatError for a bad cell."""

    def columns(self) -> tuple[str, ...]:
        """Return the columns that are read."""
        return (self.column,)


class NumberCells(Cells):
    """A number; an empty cell is no label."""

    kind: Literal["number"] = "number"
    factor: float = Field(1.0, description="Multiplied into the number; -1 turns the sign round.")

    def decode(self, row: Mapping[str, Any], sequence: str, classes: Sequence[str], where: str) -> Decoded | str:
        """Return the number."""
        number = number_in(row[self.column], f"{where}, column {self.column!r}")
        if number is None:
            return "no value"
        return Decoded(np.array(number * self.factor), np.array(True))


class ClassCells(Cells):
    """The name of a class."""

    kind: Literal["class"] = "class"
    other: dict[str, str] = Field(
        {}, description="Other spellings, each with its class; an empty one leaves the row out, with its count."
    )

    def decode(self, row: Mapping[str, Any], sequence: str, classes: Sequence[str], where: str) -> Decoded | str:
        """Return the place of the class among the classes."""
        if row[self.column] is None:
            return "no value"
        text = str(row[self.column])
        name = self.other.get(text, text)
        if not name:
            return f"{self.column} is {text!r}"
        if name not in classes:
            raise FileFormatError(
                describe("not a class", where=f"{where}, column {self.column!r}",
                         expected=f"one of {', '.join(classes)}", found=repr(text),
                         do="Write it as one of them; the block of a table may name further spellings (`other`).")
            )  # fmt: skip
        return Decoded(np.array(list(classes).index(name)), np.array(True))


class LabelCells(Cells):
    """Any number of labels, joined by a separator, cut to their first levels."""

    kind: Literal["labels"] = "labels"
    separator: str = Field(",", min_length=1, description="Stands between labels.")
    depth: int = Field(1, ge=1, description="Levels (joined by a dot) of a label that are kept, as 1 of 3.4.21.4.")

    def decode(self, row: Mapping[str, Any], sequence: str, classes: Sequence[str], where: str) -> Decoded | str:
        """Return 0 or 1 per class; a label that is no class is an error."""
        if not row[self.column]:
            return "no value"
        found = {
            ".".join(text.strip().split(".")[: self.depth]) for text in str(row[self.column]).split(self.separator)
        }
        if found - set(classes):
            raise FileFormatError(
                describe("not a label", where=f"{where}, column {self.column!r}",
                         expected=f"one of {', '.join(classes)}", found=", ".join(sorted(found - set(classes))))
            )  # fmt: skip
        return Decoded(np.array([name in found for name in classes], dtype=np.int64), np.array(True))


class LetterCells(Cells):
    """One letter per residue, as a string or a list; a class is named by the letters that stand for it."""

    kind: Literal["letters"] = "letters"
    letters: tuple[str, ...] = Field(min_length=2, description="Letters of each class, in the order of the classes.")
    unknown: str = Field("", description="Letters that stand for no class.")
    masks: tuple[str, ...] = Field((), description="Columns of 0 and 1: a residue with a 0 in any is unknown.")

    def decode(self, row: Mapping[str, Any], sequence: str, classes: Sequence[str], where: str) -> Decoded | str:
        """Return the class of each residue."""
        if row[self.column] is None:
            return "no value"
        text = row[self.column] if isinstance(row[self.column], str) else "".join(map(str, row[self.column]))
        if len(text) != len(sequence):
            raise FileFormatError(
                describe("label and sequence differ in length", where=f"{where}, column {self.column!r}",
                         expected=str(len(sequence)), found=str(len(text)))
            )  # fmt: skip
        masks = [mask_of(str(row[name]), f"{where}, column {name!r}") for name in self.masks]
        label = letters_label(text, self.letters, where=where, unknown=self.unknown, masks=masks)
        return Decoded(label.value.astype(np.int64), label.is_known) if label.is_known.any() else "no known residue"

    def columns(self) -> tuple[str, ...]:
        """Return the columns that are read."""
        return (self.column, *self.masks)


class PositionCells(Cells):
    """A list of the residues, counted from 0, that have the label; other residues of the same letters do not."""

    kind: Literal["positions"] = "positions"
    candidates: str = Field(min_length=1, description="Letters that can have the label; all others are unknown.")

    def decode(self, row: Mapping[str, Any], sequence: str, classes: Sequence[str], where: str) -> Decoded | str:
        """Return 0 or 1 of each candidate; raise FileFormatError where the label is on another letter."""
        if row[self.column] is None:
            return "no value"
        value = np.zeros(len(sequence), dtype=np.int64)
        is_known = np.array([letter in self.candidates for letter in sequence], dtype=bool)
        for place in row[self.column]:
            if not 0 <= place < len(sequence) or not is_known[place]:
                found = sequence[place] if 0 <= place < len(sequence) else "no residue"
                raise FileFormatError(
                    describe(f"position {place} cannot have the label", where=f"{where}, column {self.column!r}",
                             expected=f"one of {self.candidates}", found=found)
                )  # fmt: skip
            value[place] = 1
        return Decoded(value, is_known) if is_known.any() else "no candidate residue"


AnyCells = Annotated[NumberCells | ClassCells | LabelCells | LetterCells | PositionCells, Field(discriminator="kind")]


def number_in(cell: Any, where: str) -> float | None:
    """Return the number in a cell, also one written as text; None where it is empty."""
    if cell is None or cell == "":
        return None
    try:
        number = float(cell)
    except (TypeError, ValueError) as error:
        raise FileFormatError(describe("not a number", where=where, found=repr(cell))) from error
    if not np.isfinite(number):
        raise FileFormatError(describe("not a finite number", where=where, found=repr(cell)))
    return number


def letters_in(cell: str, where: str) -> str:
    """Return the residue letters in a cell, in capitals; raise FileFormatError for any other character."""
    letters = cell.strip().upper()
    try:
        encode_sequence(letters)
    except InputError as error:
        raise FileFormatError(describe("no sequence", where=where, found=str(error))) from error
    return letters
