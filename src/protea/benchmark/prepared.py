"""A source as a store, built once per fingerprint."""

import hashlib
from pathlib import Path

from protea.cluster.claims import Claims
from protea.cluster.made_once import made_once
from protea.cluster.whole_file import whole_file
from protea.datasets.building import build_store
from protea.datasets.code_digest import code_digest
from protea.datasets.sources.interface import SourceConfig
from protea.datasets.store import Store

__all__ = ["prepared_store"]


def prepared_store(source: SourceConfig, cache: Path) -> tuple[Store, tuple[str, ...]]:
    """Return the store of a source and the report of what was refused; an interrupted build goes on where it stopped.

    The folder is named by all that shapes the records, data, settings and code, so a change never meets an old store.
    Of several processes one builds it, and the others wait. Raises ContractError where the source yields an id twice.
    """
    kind = type(source).model_fields["kind"].default
    shaped_by = f"{source.fingerprint()}\n{code_digest()}"
    folder = cache / f"{kind}-{hashlib.sha256(shaped_by.encode()).hexdigest()[:16]}"
    notes = folder / "report.md"

    def build() -> None:
        report = build_store(source, folder)
        with whole_file(notes) as draft:
            draft.write_text(report.to_markdown(), encoding="utf-8")

    made_once(folder.name, build, notes.exists, Claims(cache / "claims"))
    return Store(folder), tuple(notes.read_text(encoding="utf-8").splitlines())
