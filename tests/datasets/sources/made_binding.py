"""SKEMPI in its published layout, with complexes of made chains whose mutations fit."""

import io
import tarfile
from pathlib import Path

from protea.datasets.fetching.addresses import files_of
from protea.datasets.sources.published.skempi import SKEMPIConfig
from protea.protein.writers.pdb import format_pdb
from tests.datasets.interactions.test_skempi_table import HEAD
from tests.datasets.sources.published.made_site import entry, fetched, path_of

ENTRIES = ("1ABC", "2DEF", "3GHI", "4JKL", "5MNO", "6PQR")


def mutation(name: str, place: int, letter: str = "A") -> str:
    """A mutation of chain A at a place of its sequence, as the table writes it."""
    made = entry(name.lower(), "AB")
    return f"{made.sequence[place]}A{made.author_number[place]}{letter}"


def skempi_rows(names: tuple[str, ...] = ENTRIES) -> list[str]:
    """Per complex one single mutant and one double, the double weaker; the last single one is a bound."""
    rows = []
    for number, name in enumerate(names):
        single, double = mutation(name, 3), f"{mutation(name, 3)},{mutation(name, 5, 'G')}"
        sign = ">" if number == len(names) - 1 else ""
        for text, value in ((single, f"{sign}{number + 2}E-09"), (double, f"{number + 2}E-07")):
            places = ",".join("COR" for _ in text.split(","))
            rows.append(f"{name}_A_B;{text};{text};{places};;{name}_A_B;{value};;1E-09;;1;p;q;298;SPR")
    return rows


def made_skempi(folder: Path, rows: list[str] | None = None) -> SKEMPIConfig:
    """The source after its files were fetched."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as file:
        for name in ENTRIES:
            data = format_pdb(entry(name.lower(), "AB")).encode()
            info = tarfile.TarInfo(f"PDBs/{name}.pdb")
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))
    table = "\n".join([HEAD, *(skempi_rows() if rows is None else rows), ""]).encode()
    contents = {"skempi_v2.csv": table, "SKEMPI2_PDBs.tgz": buffer.getvalue()}
    files = {path_of(remote.url): contents[remote.name] for remote in files_of("skempi")}
    source, found = fetched(SKEMPIConfig(folder=folder), files)
    assert not found.failed
    assert isinstance(source, SKEMPIConfig)
    return source
