"""A claim is held by one process; what nobody renews, and what a dead process held, is free again."""

import json
import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from protea.cluster.claims import Claims

FORK = multiprocessing.get_context("fork")


def age(folder: Path, seconds: float) -> None:
    for path in folder.glob("*.json"):
        then = path.stat().st_mtime - seconds
        os.utime(path, (then, then))


def elsewhere(claims: Claims) -> Claims:
    """Claims of another machine."""
    claims.owner["host"] = "elsewhere"
    return claims


def test_one_holds_it_until_it_is_released(tmp_path: Path) -> None:
    one, other = Claims(tmp_path), Claims(tmp_path)
    assert one.take("cell a/b")
    assert not other.take("cell a/b")
    assert not one.take("cell a/b")
    assert other.take("cell a b")
    one.release("cell a/b")
    assert other.take("cell a/b")


def test_a_claim_that_nobody_renews_is_free(tmp_path: Path) -> None:
    dead, heir = elsewhere(Claims(tmp_path, 60.0)), Claims(tmp_path, 60.0)
    assert dead.take("job")
    age(tmp_path, 50)
    assert not heir.take("job")
    age(tmp_path, 20)
    assert heir.take("job")
    assert not Claims(tmp_path, 60.0).take("job")


def test_the_first_owner_hears_that_it_was_taken_over(tmp_path: Path) -> None:
    slow, heir = elsewhere(Claims(tmp_path, 0.04)), Claims(tmp_path, 0.04)
    assert slow.take("job")
    assert slow.take("mine")
    time.sleep(0.1)
    assert heir.take("job")
    assert slow.renew() == ("job",)
    assert slow.renew() == ()
    slow.release("job")
    assert heir._is_ours(heir._path("job"))


def test_renewing_keeps_it(tmp_path: Path) -> None:
    owner, other = elsewhere(Claims(tmp_path, 0.4)), Claims(tmp_path, 0.4)
    assert owner.take("job")
    for _ in range(8):
        time.sleep(0.11)
        assert owner.renew() == ()
        assert not other.take("job")


def test_what_a_dead_process_of_this_machine_held_is_free_at_once(tmp_path: Path) -> None:
    process = FORK.Process(target=lambda: Claims(tmp_path).take("job"))
    process.start()
    process.join()
    (claim,) = tmp_path.glob("*.json")
    assert json.loads(claim.read_text())["process"] == process.pid
    assert Claims(tmp_path).take("job")


def test_a_claim_that_is_being_written_is_believed(tmp_path: Path) -> None:
    one = Claims(tmp_path)
    one._path("job").write_text("")
    assert not one.take("job")
    age(tmp_path, 1000)
    assert one.take("job")


def test_a_claim_that_was_taken_over_meanwhile_is_put_back(tmp_path: Path) -> None:
    heir, late = Claims(tmp_path), Claims(tmp_path)
    assert heir.take("job")
    late._removed("job", heir._path("job"), {"token": "of the dead"})
    assert not late.take("job")
    assert heir.renew() == ()


@pytest.mark.parametrize("is_stale", [False, True])
def test_of_many_that_hurry_one_gets_it(tmp_path: Path, is_stale: bool) -> None:
    names = [f"job {number}" for number in range(40)]
    if is_stale:
        dead = elsewhere(Claims(tmp_path))
        assert all(dead.take(name) for name in names)
        age(tmp_path, 1000)

    def hurry(file: Path) -> None:
        claims = Claims(tmp_path)
        file.write_text("\n".join(name for name in names if claims.take(name)))
        signal.pause()

    files = [tmp_path / f"{number}.txt" for number in range(6)]
    processes = [FORK.Process(target=hurry, args=(file,)) for file in files]
    for process in processes:
        process.start()
    while not all(file.exists() for file in files):
        time.sleep(0.02)
    time.sleep(0.1)
    for process in processes:
        process.kill()
        process.join()
    taken = [name for file in files for name in file.read_text().split("\n") if name]
    assert set(taken) == set(names)
    assert len(taken) == len(names) or is_stale  # of a stale one, the first heir may lose it and hear of it


def test_kept_claims_are_renewed_in_the_background(tmp_path: Path) -> None:
    owner, other = elsewhere(Claims(tmp_path, 0.4)), Claims(tmp_path, 0.4)
    assert owner.take("job")
    with owner.kept():
        for _ in range(8):
            time.sleep(0.11)
            assert not other.take("job")
    age(tmp_path, 1)
    assert other.take("job")
