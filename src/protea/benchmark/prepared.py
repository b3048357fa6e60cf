"""A source as a store, built once per fingerprint."""

import os
from pathlib import Path

from protea.datasets.building import build_store
from protea.datasets.sources.interface import SourceConfig
from protea.datasets.store import Store

__all__ = ["prepared_store"]


def prepared_store(source: SourceConfig, cache: Path) -> tuple[Store, tuple[str, ...]]:
    """Return the store of a source and the report of what was refused; an interrupted build goes on where it stopped.

    The folder is named by the fingerprint of everything that shapes the records, so a change never meets an old store.
    Raises ContractError where the source yields an id twice.
    """
    kind = type(source).model_fields["kind"].default
    folder = cache / f"{kind}-{source.fingerprint()[:16]}"
    notes = folder / "report.md"
    if not notes.exists():
        report = build_store(source, folder)
        temporary = notes.with_suffix(".partial")
        temporary.write_text(report.to_markdown(), encoding="utf-8")
        os.replace(temporary, notes)
    return Store(folder), tuple(notes.read_text(encoding="utf-8").splitlines())
