"""A stretch of the input, embedded window by window and appended to a folder.

A window is filled until the next protein would exceed `max_residues` times its passes (a larger protein is a window of
its own), or a block ends. The law of packing makes the numbers independent of the neighbours in a pass.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from protea.applications.embedding.blocks import block_key
from protea.applications.embedding.embedder import Embedder, Unit
from protea.applications.embedding.embedding_folder import EmbeddingWriter, Place
from protea.applications.embedding.inputs import Item, Shard
from protea.cluster.forward import Forward
from protea.datasets.stored_embeddings import Refusal
from protea.errors import ContractError, InputError, describe
from protea.protein.readers.fasta import RefusedRecord
from protea.protein.record import Protein

__all__ = ["Passes", "Reader"]

_ALL = 2**62


class Reader:
    """Proteins of items from any place on; a file that is read forward is opened once."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        self._number, self._stream = -1, Forward[Protein | RefusedRecord](list)

    def proteins(self, number: int, first: int, last: int) -> Iterator[tuple[int, Protein | RefusedRecord]]:
        """Yield proteins of an item, and records that are refused, with their places in it.

        Raises:
            FileFormatError: where the file cannot be read, and that place lies in this stretch.
        """
        if self._number != number:
            self._number, self._stream = number, Forward(self.items[number].proteins)
        try:
            self._stream.seek(first)
        except (InputError, ContractError):
            if first:  # told with the stretch that it lies in
                return
            raise
        yield from enumerate(self._stream.read(last - first), first)


class Passes:
    """Embeds stretches of the input into a folder. What cannot be embedded is noted there instead."""

    def __init__(
        self, model: Embedder, writer: EmbeddingWriter, items: Sequence[Item], max_residues: int,
        shard: Shard | None = None, reader: Reader | None = None,
    ) -> None:  # fmt: skip
        self.model, self.writer, self.items = model, writer, items
        self.max_residues, self.shard = max_residues, shard
        self.reader = Reader(items) if reader is None else reader
        self._waiting: list[tuple[Place, Item, Unit]] = []

    def run(self, first: Place, last: Place, between: Callable[[Place], None] = lambda place: None) -> None:
        """Embed from one place up to another; `between` two windows the place of the next protein is told."""
        window = self.max_residues * self.model.passes_per_window
        num_waiting, key_before = 0, None
        for place, item, unit, key in self._units(first, last):
            if self._waiting and (num_waiting + unit.size > window or key != key_before):
                self._flush()
                num_waiting = 0
                between(place)
            self._waiting.append((place, item, unit))
            num_waiting += unit.size
            key_before = key
        self._flush()

    def _units(self, first: Place, last: Place) -> Iterator[tuple[Place, Item, Unit, tuple[int, int] | None]]:
        """Yield every protein with its place and the key of its block."""
        for number in range(first.items, last.items + (last.proteins > 0)):
            item = self.items[number]
            is_one = item.is_one
            if self.shard is not None and is_one and not self.shard.has(number):
                continue
            start = first.proteins if number == first.items else 0
            end = last.proteins if number == last.items else _ALL
            try:
                for index, protein in self.reader.proteins(number, start, end):
                    if self.shard is not None and not self.shard.has(number, index):
                        continue
                    if isinstance(protein, RefusedRecord):
                        self._refuse(f"{item.name}: {protein.name}", protein.reason)
                        continue
                    unit = self._unit(item, protein)
                    if unit is not None:
                        # The blocks of a whole input are of no use to a shard, which has a few proteins of each.
                        key = None if self.shard is not None else block_key(number, index, is_one=is_one)
                        yield Place(number, index), item, unit, key
            except (InputError, ContractError) as error:
                self._refuse(item.name, str(error))

    def _unit(self, item: Item, protein: Protein) -> Unit | None:
        try:
            return self.model.unit(protein)
        except InputError as error:
            self._refuse(f"{item.name}: {protein.id}", str(error))
            return None

    def _refuse(self, name: str, reason: str) -> None:
        self.writer.refused.append(Refusal(name, reason))

    def _flush(self) -> None:
        """Embed the waiting units and append them."""
        if not self._waiting:
            return
        found = self.model.embedded([unit for _, _, unit in self._waiting], self.max_residues)
        for (place, item, unit), one in zip(self._waiting, found, strict=True):
            if not all(np.isfinite(rows).all() for level in one for rows in level.values()):
                raise ContractError(
                    describe("an embedding is not finite", where=f"{item.name}: {unit.id}", expected="finite numbers",
                             do="Check the weights and this protein.")
                )  # fmt: skip
            self.writer.append_layers(
                unit.id, item.name, unit.sequence, one.residue, one.protein, place, is_in_windows=unit.is_in_windows
            )
        self._waiting = []
