"""Ray places the parts: each is done once by some worker, an error arrives, a part whose worker died is done again."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from protea.cluster.claims import Claims
from protea.cluster.parts import Parts, work_through
from protea.cluster.ray_workers import RayWorkers
from protea.errors import InputError

ray = pytest.importorskip("ray", reason="needs the extra `ray`")

pytestmark = pytest.mark.filterwarnings("ignore")  # Ray's own threads and sockets, at its end


class Write:
    """Adds a line with its process to a file each; part `deadly` kills its process the first time, `bad` raises."""

    def __init__(self, folder: Path, deadly: int = -1, bad: int = -1) -> None:
        self.folder, self.deadly, self.bad = folder, deadly, bad

    def __call__(self, number: int) -> None:
        if number == self.bad:
            raise InputError(f"part {number} is bad")
        if number == self.deadly and not (self.folder / "died").exists():
            (self.folder / "died").touch()
            os._exit(1)
        with (self.folder / f"{number}.part").open("a") as file:
            file.write(f"{os.getpid()}\n")

    def parts(self, num: int) -> Parts:
        def path(number: int) -> Path:
            return self.folder / f"{number}.part"

        return Parts(num, self, lambda number: path(number).exists(), lambda: len(list(self.folder.glob("*.part"))))


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    yield
    ray.shutdown()


def run(work: Write, num: int) -> list[list[str]]:
    workers = RayWorkers(work, "local", num=2)
    assert workers.num == 2
    assert work_through(work.parts(num), Claims(work.folder / "claims"), lambda line: None, workers) == num
    return [(work.folder / f"{number}.part").read_text().split() for number in range(num)]


def test_each_part_is_done_once_elsewhere(tmp_path: Path) -> None:
    done_by = run(Write(tmp_path), 6)
    assert [len(lines) for lines in done_by] == [1] * 6
    assert str(os.getpid()) not in {pid for (pid,) in done_by}
    assert not list((tmp_path / "claims").iterdir())


def test_a_part_whose_worker_died_is_done_again(tmp_path: Path) -> None:
    assert [len(lines) for lines in run(Write(tmp_path, deadly=1), 3)] == [1] * 3
    assert (tmp_path / "died").exists()


def test_an_error_of_a_part_arrives(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="part 2 is bad"):
        run(Write(tmp_path, bad=2), 4)


def test_a_cluster_without_room_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no room for a worker"):
        RayWorkers(Write(tmp_path), "local", threads=3)
