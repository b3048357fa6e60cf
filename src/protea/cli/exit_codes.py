"""What a command returns to the shell."""

from enum import IntEnum

__all__ = ["ExitCode"]


class ExitCode(IntEnum):
    """0 done, and otherwise why not."""

    DONE = 0
    CHECK_FAILED = 1
    WRONG_INPUT = 2
    MISSING_EXTRA = 3
    NOT_IMPLEMENTED = 4
