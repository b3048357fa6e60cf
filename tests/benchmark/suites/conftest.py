"""The docking benchmark on disk: a small one of our own, and the real one where it is at hand."""

from pathlib import Path

import pytest

from tests.benchmark.suites.docking_files import random_sequence, write_complexes, write_table


@pytest.fixture(scope="session")
def docking_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where stores are built, once for all suites on the same chains."""
    return tmp_path_factory.mktemp("stores")


@pytest.fixture(scope="session")
def small_docking(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Four complexes; the receptors of the first and the last are one protein. The first is an antibody's."""
    folder = tmp_path_factory.mktemp("docking")
    names = ("1AAA", "1BBB", "1CCC", "1DDD")
    sequences = {name: (random_sequence(2 * n), random_sequence(2 * n + 1)) for n, name in enumerate(names)}
    sequences["1DDD"] = (sequences["1AAA"][0], sequences["1DDD"][1])
    path = write_complexes(folder / "complexes", sequences)
    table = write_table(folder / "table.csv", {"1AAA": "AA", "1BBB": "EI", "1CCC": "OX", "1DDD": "OX"})
    return {"kind": "docking", "path": str(path), "table": str(table)}


@pytest.fixture(scope="session")
def real_docking(shared_data: Path) -> dict[str, str]:
    """The benchmark's own files."""
    folder = shared_data / "structures"
    return {"kind": "docking", "path": str(folder / "bm5.tar.zst"), "table": str(folder / "bm5_table.csv")}
