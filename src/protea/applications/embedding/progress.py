"""How far an embedding is: proteins, residues per second, and the time that is left."""

import time
from collections.abc import Callable

from protea.applications.embedding.embedding_folder import EmbeddingWriter, Place
from protea.cluster.shares import clock_words

__all__ = ["Progress"]


class Progress:
    """Tells after each commit what is done; rates count what this run did, `num_expected` all proteins of the input."""

    def __init__(self, num_items: int, num_expected: int, writer: EmbeddingWriter, say: Callable[[str], None]) -> None:
        self.num_items, self.num_expected, self.writer, self.say = num_items, num_expected, writer, say
        self.started_at = time.monotonic()
        self.num_residues_before, self.num_before = writer.num_residues, self._num_done()

    def tell(self, place: Place) -> None:
        """Say a line: what is done, how fast, and how long the rest takes if it goes on like that."""
        seconds = max(time.monotonic() - self.started_at, 1e-9)
        rate = (self.writer.num_residues - self.num_residues_before) / seconds
        refused = f", {len(self.writer.refused)} refused" if self.writer.refused else ""
        done, rest = self._num_done() - self.num_before, max(self.num_expected - self._num_done(), 0)
        left = f", {clock_words(seconds * rest / done)} left" if done else ""
        self.say(
            f"{self.writer.num_proteins} proteins embedded{refused}, {place.items} of {self.num_items} items done, "
            f"{rate:,.0f} residues/s{left}"
        )

    def _num_done(self) -> int:
        return self.writer.num_proteins + len(self.writer.refused)
