"""A source written into a store, protein by protein."""

from pathlib import Path

from protea.datasets.sources.interface import SourceConfig, SourceReport
from protea.datasets.store import StoreWriter

__all__ = ["build_store"]


def build_store(source: SourceConfig, path: Path) -> SourceReport:
    """Return the report of what was written and refused; a build that was interrupted goes on where it stopped."""
    report = SourceReport()
    with StoreWriter(path) as writer:
        for protein in source.proteins(report):
            if protein.id not in writer:
                writer.append(protein)
    return report
