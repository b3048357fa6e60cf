"""The table of published weights (manifest.toml): what they are, where they lie, what is known of their bytes."""

import json
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files as package_files
from types import MappingProxyType
from typing import Literal
from urllib.parse import quote, urlsplit

from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

from protea.datasets.fetching.remote_file import RemoteFile
from protea.errors import InputError, describe

__all__ = ["HUB", "PublishedFile", "WeightsEntry", "entry_of", "manifest", "parse_manifest"]

HUB = "https://huggingface.co"
"""Where repositories lie; a file is at `<hub>/<repository>/resolve/<revision>/<name>`."""

_STRICT = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True, config=_STRICT)
class PublishedFile:
    """One file: its name in the repository, or its address; `sha256` and `size` (bytes) where they are known."""

    name: str = ""
    url: str | None = None
    sha256: str | None = None
    size: int | None = None

    def __post_init__(self) -> None:
        if bool(self.name) == bool(self.url):
            raise ValueError("a file has a name in the repository, or an address, not both")

    @property
    def place(self) -> str:
        """The path of the file below its folder here."""
        return self.name or urlsplit(self.url or "").path.rpartition("/")[2]


@dataclass(frozen=True, config=_STRICT)
class WeightsEntry:
    """The weights of one model.

    Attributes:
        name: what commands take.
        kind, size: the model, as `protea.encoders.language` builds it.
        repository, revision: on the hub; a commit, or `main` where no commit is known.
        original_files: the same model as its authors first published it.
        page: where the files are fetched by hand, for want of an address.
        is_shipped: the files come with this package.
        licence: of the weights; None where their publisher states none.
        source: the publication.
        status: whether somebody loaded the file into Protea and compared it with the original.
    """

    name: str
    kind: str
    size: str
    files: tuple[PublishedFile, ...]
    source: str
    status: Literal["verified", "unverified"]
    repository: str | None = None
    revision: str | None = None
    original_files: tuple[PublishedFile, ...] = ()
    page: str | None = None
    is_shipped: bool = False
    licence: str | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if not self.files:
            raise ValueError("no files")
        homes = (self.repository is not None) + (self.page is not None) + self.is_shipped
        if homes != 1 or (self.repository is None) != (self.revision is None):
            raise ValueError("weights have a repository with its revision, or a page, or are shipped")
        if any(file.url is None for file in self.original_files):
            raise ValueError("original files have addresses")
        self.remotes(is_original=False)
        self.remotes(is_original=True)

    @property
    def published_name(self) -> str:
        """The name under which the field knows the weights."""
        return self.repository.rpartition("/")[2] if self.repository is not None else self.name

    @property
    def is_by_hand(self) -> bool:
        """The files have no address: a person fetches them from the page."""
        return self.page is not None

    def chosen(self, *, is_original: bool) -> tuple[PublishedFile, ...]:
        """Return the files of one form; raise InputError where there is no original one."""
        if is_original and not self.original_files:
            raise InputError(describe("no original files are listed", where=self.name, do="Leave --original out."))
        return self.original_files if is_original else self.files

    def remotes(self, *, is_original: bool) -> tuple[RemoteFile, ...]:
        """Return what is fetched; empty where nothing can be."""
        files = self.original_files if is_original else () if self.repository is None else self.files
        return tuple(
            RemoteFile(
                file.url or f"{HUB}/{self.repository}/resolve/{quote(self.revision or '')}/{quote(file.name)}",
                file.place, file.size, file.sha256, is_verified=self.status == "verified",
            )
            for file in files
        )  # fmt: skip


def parse_manifest(text: str, where: str) -> dict[str, WeightsEntry]:
    """Return the entries of a manifest by name.

    Raises:
        InputError: if it is not TOML, or a block is not an entry; each wrong place is named.
    """
    try:
        tree = {name: {"name": name, **block} for name, block in tomllib.loads(text).items()}
        # By way of JSON: lists are read as tuples there, and everything else stays strict.
        return TypeAdapter(dict[str, WeightsEntry]).validate_json(json.dumps(tree))
    except (ValueError, TypeError) as error:
        raise InputError(describe("not a manifest of weights", where=where, found=str(error))) from error


@cache
def manifest() -> Mapping[str, WeightsEntry]:
    """Return every entry of manifest.toml by name."""
    text = package_files(__package__).joinpath("manifest.toml").read_text(encoding="utf-8")
    return MappingProxyType(parse_manifest(text, "manifest.toml"))


def entry_of(name: str) -> WeightsEntry:
    """Return an entry by its name, or by the name under which the field knows it (`esm2_t6_8M_UR50D`).

    Raises:
        InputError: if there is none; the nearest names are told.
    """
    entries = manifest()
    if name in entries:
        return entries[name]
    of_published = {entry.published_name: entry for entry in entries.values()}
    of_published |= {entry.repository: entry for entry in entries.values() if entry.repository is not None}
    if name in of_published:
        return of_published[name]
    near = get_close_matches(name, {**entries, **of_published}, n=3, cutoff=0.5)
    raise InputError(
        describe(f"no weights of the name {name!r}", expected=f"one of {', '.join(near or entries)}",
                 do="`protea weights list` tells all; a file of your own is given by its path.")
    )  # fmt: skip
