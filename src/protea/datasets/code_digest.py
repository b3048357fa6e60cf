"""A digest of code: what a cache holds was shaped by the code that wrote it, too."""

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

__all__ = ["READING", "code_digest"]

READING = ("protea.protein", "protea.geometry", "protea.datasets")
"""The packages that turn files into the records of a store."""


@cache
def code_digest(packages: tuple[str, ...] = READING) -> str:
    """Return the SHA-256 of the names and bytes of all modules of some packages."""
    digest = hashlib.sha256()
    for package in packages:
        for name, module in sorted(_modules(files(package), package)):
            digest.update(f"{name}\0{hashlib.sha256(module.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _modules(folder: Traversable, name: str) -> list[tuple[str, Traversable]]:
    found = []
    for item in folder.iterdir():
        if item.is_dir():
            found += _modules(item, f"{name}.{item.name}")
        elif item.name.endswith(".py"):
            found.append((f"{name}.{item.name}", item))
    return found
