"""A program: works through parts on a Ray cluster of two workers, as `ray_program FOLDER NUM DEADLY BAD` says."""

import os
import sys
from pathlib import Path

import ray

from protea.cluster.claims import Claims
from protea.cluster.parts import Parts, work_through
from protea.cluster.ray_workers import RayWorkers
from protea.errors import InputError


class Write:
    """Adds a line with its process to a file each; part `deadly` kills its process the first time, `bad` raises."""

    def __init__(self, folder: Path, deadly: int, bad: int) -> None:
        self.folder, self.deadly, self.bad = folder, deadly, bad
        self.weights = bytes(2_000_000)  # as large as a model: it lies in the store of Ray

    def __call__(self, number: int) -> None:
        if number == self.bad:
            raise InputError(f"part {number} is bad")
        if number == self.deadly and not (self.folder / "died").exists():
            (self.folder / "died").touch()
            os._exit(1)
        with (self.folder / f"{number}.part").open("a") as file:
            file.write(f"{os.getpid()}\n")

    def parts(self, num: int) -> Parts:
        def is_done(number: int) -> bool:
            return (self.folder / f"{number}.part").exists()

        return Parts(num, self, is_done, lambda: len(list(self.folder.glob("*.part"))))


if __name__ == "__main__":
    folder, (num, deadly, bad) = Path(sys.argv[1]), map(int, sys.argv[2:5])
    work = Write(folder, deadly, bad)
    workers = RayWorkers(work, "local", num=2)
    (folder / "driver").write_text(str(os.getpid()))
    try:
        work_through(work.parts(num), Claims(folder / "claims"), lambda line: None, workers)
    except InputError as error:
        (folder / "error").write_text(f"{type(error).__name__}: {error}")
    try:
        RayWorkers(work, "local", threads=3)
    except InputError as error:
        (folder / "room").write_text(str(error))
    ray.shutdown()
