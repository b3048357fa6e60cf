"""A stream that is read from any place on: going forward it is read on, going back it is begun anew."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Generic, TypeVar

__all__ = ["Forward"]

ItemT = TypeVar("ItemT")


class Forward(Generic[ItemT]):
    """The items of a stream by their number; a machine that does every tenth part reads the stream once."""

    def __init__(self, begin: Callable[[], Iterable[ItemT]]) -> None:
        self.begin = begin
        self._stream: Iterator[ItemT] = iter(())
        self._next = -1

    def __getstate__(self) -> dict[str, Any]:
        """Leave the place in the stream behind: a copy in another process begins anew."""
        return {"begin": self.begin, "_stream": iter(()), "_next": -1}

    def seek(self, number: int) -> None:
        """Go to an item; what the stream raises on the way is raised here, and the stream then begins anew."""
        if not 0 <= self._next <= number:
            self._stream, self._next = iter(self.begin()), 0
        start, self._next = self._next, -1
        for _ in islice(self._stream, number - start):
            pass
        self._next = number

    def read(self, num: int) -> Iterator[ItemT]:
        """Yield the next items, so many or all that are left."""
        number, self._next = self._next, -1
        for item in islice(self._stream, num):
            number += 1
            yield item
        self._next = number
