"""A source written into a store, protein by protein."""

from pathlib import Path

from protea.datasets.columns import MANIFEST
from protea.datasets.sources.interface import SourceConfig, SourceReport
from protea.datasets.store import Store, StoreWriter
from protea.errors import InputError, describe

__all__ = ["build_store"]

_SOURCE = "source.sha256"


def build_store(source: SourceConfig, path: Path) -> SourceReport:
    """Return the report of what was written and refused; a build that was interrupted goes on where it stopped.

    The folder remembers the fingerprint of its source, so that two sources never mix in one store.

    Raises:
        InputError: if the folder is a store of another source, or of this one before its data changed.
        ContractError: if the source yields an id twice.
    """
    report = SourceReport()
    marker, fingerprint = path / _SOURCE, source.fingerprint()
    is_other = marker.exists() and marker.read_text(encoding="utf-8").strip() != fingerprint
    # A build that failed before its first protein is in nobody's way.
    if is_other and (path / MANIFEST).exists() and len(Store(path)):
        raise InputError(
            describe("the folder is a store of other data or settings", where=str(path), expected=fingerprint[:16],
                     found=marker.read_text(encoding="utf-8")[:16], do="Choose another folder, or delete it.")
        )  # fmt: skip
    met: set[str] = set()
    with StoreWriter(path) as writer:
        marker.write_text(fingerprint + "\n", encoding="utf-8")
        for protein in source.proteins(report):
            # Kept by a build that was interrupted; one met before in this pass is refused by the writer.
            if protein.id in met or protein.id not in writer:
                writer.append(protein)
            met.add(protein.id)
    return report
