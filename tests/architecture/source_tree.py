"""What the architecture tests read: the modules of `src/protea` as paths, names, text and syntax trees.

Run as a program (`python -m tests.architecture.source_tree`, the last line of `make check`), it lists the files that
are longer than 400 lines: each should be asked why.
"""

import ast
import subprocess
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCE = REPOSITORY / "src"
PACKAGE = SOURCE / "protea"

ASKS_WHY, TOO_LONG = 400, 600
# Files that hold a table and nothing else: their length says nothing about their difficulty.
DATA_TABLES = frozenset({"protein/chemistry.py"})


@dataclass(frozen=True)
class Module:
    """One file of the package."""

    path: Path

    @property
    def place(self) -> str:
        """The path below `src/protea`."""
        return self.path.relative_to(PACKAGE).as_posix()

    @property
    def name(self) -> str:
        """The dotted name by which it is imported."""
        parts = self.path.relative_to(SOURCE).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def is_package(self) -> bool:
        """Whether it is the `__init__.py` of a package."""
        return self.path.name == "__init__.py"

    @property
    def is_private(self) -> bool:
        """Whether its own name or that of a folder above it begins with an underscore."""
        return any(part.startswith("_") for part in self.name.split("."))

    @cached_property
    def text(self) -> str:
        """The source text."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.text, filename=str(self.path))

    @property
    def num_lines(self) -> int:
        """The number of lines."""
        return len(self.text.splitlines())


@cache
def modules() -> tuple[Module, ...]:
    """Every Python file of the package, by path."""
    return tuple(Module(path) for path in sorted(PACKAGE.rglob("*.py")))


def packages() -> tuple[Module, ...]:
    """Every `__init__.py` of the package."""
    return tuple(module for module in modules() if module.is_package)


def top_packages() -> tuple[str, ...]:
    """The packages and modules directly below `protea`, as the layers contract names them."""
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    files = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    return tuple(sorted(folders | files))


def text_files() -> tuple[Path, ...]:
    """Every text file that git tracks or would track."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
    ).stdout.decode()
    binary = {".png", ".svg", ".gz", ".zst", ".npz", ".safetensors", ".parquet", ".bcif", ".zip"}
    paths = [REPOSITORY / name for name in listing.split("\0") if name]
    return tuple(path for path in paths if path.is_file() and path.suffix not in binary)


if __name__ == "__main__":
    for module in sorted(modules(), key=lambda module: -module.num_lines):
        if module.num_lines > ASKS_WHY and module.place not in DATA_TABLES:
            print(f"asks why: {module.place} has {module.num_lines} lines (usual 150, limit {TOO_LONG})")
