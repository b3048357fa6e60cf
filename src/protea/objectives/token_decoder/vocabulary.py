"""The one vocabulary of a decoder: signs that all labels share, then the tokens of one task after the other.

A task is added at the end, so that no token that was there changes its id. Residues are tokens, too: residue i of the
protein at hand is `FIRST_RESIDUE` + i, far beyond all others, so that neither a new task nor a longer protein moves
any. Axes: column (of logits: the texts, then the residues of the protein).
"""

from collections.abc import Mapping

from protea.errors import ConfigError, describe

__all__ = ["DIGITS", "END", "FIRST_RESIDUE", "MINUS", "NO", "PLUS", "UNKNOWN", "YES", "Vocabulary"]

END, UNKNOWN, NO, YES, PLUS, MINUS = range(6)
"""The end of a label, a residue whose label is not known (it is read, never written), two answers, two signs."""

DIGITS = tuple(range(6, 16))
"""The digits 0 to 9."""

FIRST_RESIDUE = 1 << 16
"""The token of the first residue of a protein."""

_SHARED = ("end", "unknown", "no", "yes", "+", "-", *"0123456789")


class Vocabulary:
    """Tokens of the tasks in their order: for each the token that asks for it, then its own classes."""

    def __init__(self, num_classes: Mapping[str, int]) -> None:
        self.names = list(_SHARED)
        self.task_token: dict[str, int] = {}
        self.classes: dict[str, range] = {}
        for task, number in num_classes.items():
            self.task_token[task] = len(self.names)
            self.names.append(f"<{task}>")
            self.classes[task] = range(len(self.names), len(self.names) + number)
            self.names += [f"{task}:{place}" for place in range(number)]
        if self.num_texts > FIRST_RESIDUE:
            raise ConfigError(
                describe("too many classes for one decoder", expected=f"{FIRST_RESIDUE} tokens at most",
                         found=str(self.num_texts), do="Give the largest tasks heads of their own.")
            )  # fmt: skip

    @property
    def num_texts(self) -> int:
        """Number of tokens that are no residues."""
        return len(self.names)

    def column(self, token: int) -> int:
        """Return the column of logits in which a token stands."""
        return token if token < FIRST_RESIDUE else self.num_texts + token - FIRST_RESIDUE

    def token(self, column: int) -> int:
        """Return the token that stands in a column."""
        return column if column < self.num_texts else FIRST_RESIDUE + column - self.num_texts

    def spelled(self, tokens: tuple[int, ...]) -> str:
        """Return tokens for a reader, residues counted from 0."""
        return " ".join(
            self.names[token] if token < FIRST_RESIDUE else f"residue {token - FIRST_RESIDUE}" for token in tokens
        )
