"""How much of the whole work is done: here and everywhere, and how long the rest takes."""

import time
from collections.abc import Callable

__all__ = ["Shares", "clock_words"]


class Shares:
    """Tells after each part what is done of all of them; the rate is that of all machines together."""

    def __init__(self, num: int, num_done: Callable[[], int], say: Callable[[str], None]) -> None:
        self.num, self.num_done, self.say = num, num_done, say
        self.num_here = 0
        self.num_before, self.started_at = num_done(), time.monotonic()

    def tell(self) -> None:
        """Say a line: one more part was done here."""
        self.num_here += 1
        done = self.num_done()
        seconds, newly = time.monotonic() - self.started_at, done - self.num_before
        left = f", {clock_words(seconds * (self.num - done) / newly)} left" if newly > 0 and done < self.num else ""
        self.say(f"{done:,} of {self.num:,} parts done ({done / self.num:.1%}), {self.num_here:,} of them here{left}")


def clock_words(seconds: float) -> str:
    """Return a time as hours, minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}"
