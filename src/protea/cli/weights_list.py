"""`protea weights list`: the published weights that Protea knows."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from protea.cli.options import CacheOption, JsonOption
from protea.cli.printing import print_json, print_table, say

if TYPE_CHECKING:
    from protea.encoders.weights.manifest import WeightsEntry

__all__ = ["list_weights"]


def list_weights(
    kind: Annotated[str | None, typer.Option("--kind", help="Only models of this kind (esm2).")] = None,
    cache: CacheOption = None,
    json: JsonOption = False,
) -> None:
    """List published weights: the model, its licence, how many files have a published checksum, and whether it is here.

    `unverified`: nobody has loaded the published file into Protea yet; its layout is known from the original's code.

    Exit codes: 0 done; 2 no such kind.
    """
    from protea.encoders.weights.manifest import manifest
    from protea.encoders.weights.places import cache_of_weights

    entries = [entry for entry in manifest().values() if kind in (None, entry.kind)]
    if not entries:
        from protea.errors import InputError, describe

        kinds = sorted({entry.kind for entry in manifest().values()})
        raise InputError(describe(f"no weights of the kind {kind!r}", expected=f"one of {', '.join(kinds)}"))
    if json:
        print_json([_tree(entry, cache) for entry in entries])
        return
    rows = [
        (
            entry.name, f"{entry.kind}/{entry.size}", _home(entry), entry.licence or "not stated",
            f"{sum(file.sha256 is not None for file in entry.files)} of {len(entry.files)}", entry.status,
            _here(entry, cache),
        )
        for entry in entries
    ]  # fmt: skip
    print_table(("name", "model", "from", "licence", "checksums", "status", "here"), rows)
    say(f"cache: {cache_of_weights(cache)}")


def _home(entry: "WeightsEntry") -> str:
    return entry.repository or ("this package" if entry.is_shipped else "by hand")


def _here(entry: "WeightsEntry", cache: Path | None) -> str:
    from protea.encoders.weights.places import folder_of

    forms = {"yes": False} | ({"original": True} if entry.original_files else {})
    found = [
        word
        for word, is_original in forms.items()
        if all(
            (folder_of(entry, cache, is_original=is_original) / file.place).is_file()
            for file in entry.chosen(is_original=is_original)
        )
    ]
    return ", ".join(found)


def _tree(entry: "WeightsEntry", cache: Path | None) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(entry) | {"here": _here(entry, cache) or None}
