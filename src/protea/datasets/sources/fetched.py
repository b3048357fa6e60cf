"""Sources whose files come from the network: which files, where they lie here, and how they are read once fetched.

Fetching and reading are apart: `protea data fetch` (or `fetch_source`) fills the folder, `proteins()` reads it and
never opens a connection.
"""

from abc import abstractmethod
from collections.abc import Iterator
from pathlib import Path

from pydantic import Field

from protea.datasets.fetching.addresses import files_of, mirrored
from protea.datasets.fetching.download import PATIENT, FetchPolicy, Progress
from protea.datasets.fetching.parallel import Fetched, fetch_files
from protea.datasets.fetching.receipt import digest_of_fetched
from protea.datasets.fetching.remote_file import RemoteFile
from protea.datasets.sources.interface import SourceConfig
from protea.errors import InputError, describe

__all__ = ["FetchedSource", "fetch_source"]


class FetchedSource(SourceConfig):
    """Base of sources with files to fetch."""

    folder: Path = Field(description="Folder that `protea data fetch` fills and that is read")
    mirror: str | None = Field(
        default=None, description="Address of a mirror that holds each file at <mirror>/<host>/<path>"
    )

    @abstractmethod
    def address_sets(self) -> tuple[str, ...]:
        """Return the rows of the address table that this source needs."""

    def remotes(self) -> tuple[RemoteFile, ...]:
        """Return the lists and archives: what can be named before anything is fetched."""
        found = [remote for name in self.address_sets() for remote in files_of(name)]
        return tuple(mirrored(remote, self.mirror) for remote in found)

    def structure_remotes(self) -> Iterator[RemoteFile]:
        """Yield the structures that the fetched lists name; none where the archives hold them."""
        return iter(())

    def place(self, name: str) -> Path:
        """Return where a fetched file lies; raise InputError where it was not fetched."""
        path = self.folder / name
        if not path.is_file():
            raise InputError(
                describe(
                    "was not fetched", where=str(path), do="Run `protea data fetch` with this configuration first."
                )
            )
        return path

    def settings(self) -> str:
        """Return the settings that shape the records, without places on disk or network."""
        return self.model_dump_json(exclude={"folder", "mirror"})

    def digests(self) -> list[str]:
        """Return name and digest of every list and archive."""
        return [f"{remote.name}\0{digest_of_fetched(self.place(remote.name))}" for remote in self.remotes()]


def fetch_source(
    source: FetchedSource,
    *,
    with_structures: bool = True,
    workers: int = 4,
    progress: Progress | None = None,
    policy: FetchPolicy = PATIENT,
) -> Fetched:
    """Return what became of a source's files: lists and archives first, then the structures that they name.

    Raises InputError where a list or archive fails; a structure that fails (withdrawn entries do) is only named.
    """
    lists = fetch_files(source.remotes(), source.folder, workers=workers, progress=progress, policy=policy)
    lists.require_all()
    if not with_structures:
        return lists
    found = fetch_files(source.structure_remotes(), source.folder, workers=workers, progress=progress, policy=policy)
    return Fetched({**lists.paths, **found.paths}, found.failed)
