"""Numbered parts of one work, shared by the machines that see one folder; each part is done whole or not at all.

A machine takes the first part that nobody works on. What a dead machine held is taken over. When all parts are done one
machine joins them, and the others wait for it. A part may be done twice (by a machine that was believed dead): the
second time it changes nothing.
"""

import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from protea.cluster.claims import Claims
from protea.cluster.made_once import made_once
from protea.cluster.shares import Shares

__all__ = ["Here", "Parts", "Workers", "join_once", "work_through"]

_JOIN = "join"
_LOOK_SECONDS = 2.0
"""How often a machine without work looks at what runs elsewhere."""


@dataclass(frozen=True)
class Parts:
    """Work in `num` parts: what does one, whether one is done, and how many are (of all machines)."""

    num: int
    do: Callable[[int], None]
    is_done: Callable[[int], bool]
    num_done: Callable[[], int]


class Workers(ABC):
    """Where parts are done, `num` at a time."""

    num: int

    @abstractmethod
    def start(self, number: int) -> None:
        """Begin a part."""

    @abstractmethod
    def ended(self) -> tuple[int, ...]:
        """Return parts that ended, one at least; raise what a part raised."""


class Here(Workers):
    """This process: a part is done as soon as it is begun."""

    num = 1

    def __init__(self, do: Callable[[int], None]) -> None:
        self.do = do
        self._ended: list[int] = []

    def start(self, number: int) -> None:
        """Do a part."""
        self.do(number)
        self._ended.append(number)

    def ended(self) -> tuple[int, ...]:
        """Return the parts that were done since the last call."""
        found, self._ended = tuple(self._ended), []
        return found


def work_through(parts: Parts, claims: Claims, say: Callable[[str], None], workers: Workers | None = None) -> int:
    """Do the parts that nobody has done, and wait for those that others do; return how many were done here.

    What a part raises is raised, after the claims of this machine were given back.
    """
    workers = Here(parts.do) if workers is None else workers
    shares = Shares(parts.num, parts.num_done, say)
    left, running = deque(range(parts.num)), set[int]()
    has_said_elsewhere = False
    with claims.kept():
        try:
            while left or running:
                for number in _startable(left, workers.num - len(running), parts, claims):
                    running.add(number)
                    workers.start(number)
                if running:
                    for number in workers.ended():
                        running.remove(number)
                        claims.release(_name(number))
                        shares.tell()
                elif left:
                    if not has_said_elsewhere:
                        say(f"waits for {len(left)} parts that other machines work on")
                        has_said_elsewhere = True
                    time.sleep(_LOOK_SECONDS)
        finally:
            for number in running:
                claims.release(_name(number))
    return shares.num_here


def join_once(join: Callable[[], None], is_joined: Callable[[], bool], claims: Claims) -> bool:
    """Join the parts on one of the machines and return whether it was this one; the others return when it is done."""
    return made_once(_JOIN, join, is_joined, claims)


def _startable(left: deque[int], most: int, parts: Parts, claims: Claims) -> Iterator[int]:
    """Take up to so many parts from those that are left and yield them; those that are done elsewhere are dropped."""
    for _ in range(len(left)):
        if most == 0:
            return
        number = left.popleft()
        if parts.is_done(number):
            continue
        if not claims.take(_name(number)):
            left.append(number)
        elif parts.is_done(number):  # it ended between the look and the claim
            claims.release(_name(number))
        else:
            most -= 1
            yield number


def _name(number: int) -> str:
    return f"part-{number:06d}"
