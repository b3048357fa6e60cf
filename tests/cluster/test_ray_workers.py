"""Ray places the parts: each is done once by some worker, one whose worker died again, and an error arrives."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from protea.cluster.ray_workers import RayWorkers
from protea.errors import MissingExtraError

_SLOW_START = "timed out during startup"


def run(repository: Path, folder: Path, num: int, deadly: int = -1, bad: int = -1) -> None:
    """Run the program on a cluster of its own; skip where Ray itself does not come up, as on a busy machine."""
    pytest.importorskip("ray", reason="needs the extra `ray`")
    program = [sys.executable, "-m", "tests.cluster.ray_program", str(folder), *map(str, (num, deadly, bad))]
    environment = {
        **os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": f"{repository / 'src'}{os.pathsep}{repository}",
        "RAY_raylet_start_wait_time_s": "120",
    }  # fmt: skip
    done = subprocess.run(program, cwd=repository, env=environment, capture_output=True, text=True, timeout=500)
    if done.returncode and _SLOW_START in done.stderr:
        pytest.skip("Ray did not start in two minutes")
    assert done.returncode == 0, done.stderr[-3000:]


def test_each_part_is_done_once_elsewhere_and_one_whose_worker_died_again(repository: Path, tmp_path: Path) -> None:
    run(repository, tmp_path, 6, deadly=1)
    assert (tmp_path / "died").exists()
    done_by = [(tmp_path / f"{number}.part").read_text().split() for number in range(6)]
    assert [len(lines) for lines in done_by] == [1] * 6
    assert (tmp_path / "driver").read_text() not in {pid for (pid,) in done_by}
    assert not list((tmp_path / "claims").iterdir())
    assert "no room for a worker" in (tmp_path / "room").read_text()


def test_an_error_of_a_part_arrives_as_it_was_raised(repository: Path, tmp_path: Path) -> None:
    run(repository, tmp_path, 4, bad=2)
    assert (tmp_path / "error").read_text() == "InputError: part 2 is bad"
    assert not list((tmp_path / "claims").iterdir())


def test_without_ray_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("protea.cluster.ray_workers.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'protea\[ray\]'"):
        RayWorkers(print, "local")
