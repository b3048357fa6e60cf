"""What the suites of ATOM3D share: labels that came with the records, parts by item, a unit per entry."""

from abc import ABC
from pathlib import Path

from pydantic import Field

from protea.benchmark.suites.published import PublishedSuite
from protea.datasets.labels import LabelTable
from protea.datasets.sources.atom3d.interface import ATOM3DConfig
from protea.datasets.splits import Split
from protea.datasets.store import Store

__all__ = ["ATOM3DSuite", "entry_of"]


def entry_of(id: str) -> str:
    """Return what stands before the first colon of a record's id: the target, the entry or the mutation."""
    return id.partition(":")[0]


class ATOM3DSuite(PublishedSuite, ABC):
    """Base of the suites of ATOM3D; the subclass names its `stored_labels` and narrows `source`."""

    source: ATOM3DConfig = Field(  # type: ignore[assignment]
        description="The published set, as `protea data fetch` left it."
    )

    def tables(self, store: Store) -> tuple[LabelTable, ...]:
        """Return none: the labels lie in the store."""
        return ()

    def parts_of(self, store: Store) -> Split:
        """Return the published parts of the records that are there."""
        return self.source.split(store.ids)

    def units(self, store: Store, test: tuple[str, ...], cache: Path) -> dict[str, str]:
        """Return the entry of every test record: its records err together."""
        return {id: entry_of(id) for id in test}
