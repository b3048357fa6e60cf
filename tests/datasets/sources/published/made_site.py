"""A tiny copy of the publishers' servers: lists in their published layouts, and structures of made proteins."""

import io
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np

from protea.datasets.fetching.addresses import files_of
from protea.datasets.fetching.download import FetchPolicy
from protea.datasets.fetching.parallel import Fetched
from protea.datasets.sources.fetched import FetchedSource, fetch_source
from protea.protein.record import Ligands, Protein
from protea.protein.writers.mmcif import format_mmcif
from protea.protein.writers.pdb import format_pdb
from tests.datasets.fetching.local_server import Site, served
from tests.protein.readers.foldcomp.made_chain import full_chain

QUICK = FetchPolicy(attempts=2, timeout=5.0, first_wait=0.0)


def path_of(url: str) -> str:
    """Where a mirror holds a file."""
    return f"{urlsplit(url).netloc}{urlsplit(url).path}"


@cache
def entry(key: str, chains: str = "AB", *, zinc: bool = True) -> Protein:
    """An entry of chains of 30 residues side by side, with a zinc ion at the first atom of chain A."""
    first = full_chain(sum(map(ord, key)) % 50, length=30)
    count, atoms = len(first), first.num_atoms
    number = len(chains)
    ptr = np.concatenate([first.atom_ptr[:-1] + index * atoms for index in range(number)] + [[number * atoms]])
    shift = np.repeat(np.arange(number), atoms)[:, None] * np.array([0.0, 0.0, 60.0])
    # Chain B touches chain A at A's last atom: its own first atom is laid two angstrom beside it.
    position = np.tile(first.atom_position, (number, 1)) + shift
    if number > 1:
        position[atoms : 2 * atoms] += position[atoms - 1] + 2.0 - position[atoms]
    ligand = Ligands(
        ccd_name=np.array(["ZN"]), chain=np.array(["A"]), author_number=np.array([200], np.int32),
        is_nucleotide=np.array([False]), atom_ptr=np.array([0, 1]), atom_name=np.array(["ZN"]),
        element=np.array(["ZN"]), atom_position=(position[:1] + np.array([0.0, 0.0, 2.0])).astype(np.float32),
    )  # fmt: skip
    return first.replace(
        id=key, sequence=first.sequence * number, residue_name=np.tile(first.residue_name, number),
        chain_ids=tuple(chains), chain_of=np.repeat(np.arange(number), count).astype(np.int16),
        author_number=np.tile(first.author_number, number), insertion_code=np.tile(first.insertion_code, number),
        label_number=np.tile(first.label_number, number), atom_ptr=ptr.astype(np.int64),
        atom_code=np.tile(first.atom_code, number), atom_position=position.astype(np.float32),
        b_factor=np.tile(first.b_factor, number), seqres=(first.sequence,) * number,
        **({"ligands": ligand} if zinc else {}),
    )  # fmt: skip


def structure_files(keys: str) -> dict[str, bytes]:
    """Entries as the PDB serves them (as mmCIF: the reader goes by content)."""
    return {f"models.rcsb.org/{key}.bcif.gz": format_mmcif(entry(key)).encode() for key in keys.split()}


def domain_archive(ids: str, top: str) -> bytes:
    """A SCOP archive with one .ent file per domain."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for index, id in enumerate(ids.split()):
            data = format_pdb(full_chain(index, length=30)).encode()
            info = tarfile.TarInfo(f"{top}/{id[2:4]}/{id}.ent")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def zipped(texts: Mapping[str, str]) -> bytes:
    """A zip with these texts, in a folder, with the litter that some systems add."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in texts.items():
            archive.writestr(f"set/{name}", text)
            archive.writestr(f"__MACOSX/set/{name}", "litter")
    return buffer.getvalue()


def list_files(name: str, contents: Mapping[str, str | bytes]) -> dict[str, bytes]:
    """The files of a row of the address table, by where a mirror holds them."""
    path = {remote.name: path_of(remote.url) for remote in files_of(name)}
    return {
        unquote_once(path[file]): text.encode() if isinstance(text, str) else text for file, text in contents.items()
    }


def unquote_once(path: str) -> str:
    """The path as the server sees it: it is not unquoted there."""
    return path if "%" in path else unquote(path)


@contextmanager
def mirror(files: Mapping[str, bytes]) -> Iterator[Site]:
    """A mirror that holds these files."""
    with served(Site(dict(files))) as site:
        yield site


def fetched(source: FetchedSource, files: Mapping[str, bytes]) -> tuple[FetchedSource, Fetched]:
    """Fetch a source from a mirror of these files; the source returned has no mirror any more."""
    with mirror(files) as site:
        found = fetch_source(source.model_copy(update={"mirror": site.url}), policy=QUICK)
    return source, found


def folder_of(path: Path) -> Path:
    """The folder that a source of this test fills."""
    return path / "data"
