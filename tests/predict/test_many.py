"""Parts are joined to one table; a run that was killed goes on and writes the same bytes."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from protea.errors import ConfigError, InputError
from protea.predict import many
from protea.predict.many import Asked, predict_many
from protea.predict.predictor import Predictor
from protea.predict.tables import answer_rows, residue_table
from protea.protein.record import Protein, protein_from_sequence
from tests.applications.properties.made_properties import made_sequences
from tests.predict.made_predictor import made_predictor

SEQUENCES = made_sequences(11, seed=3)


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return made_predictor()


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "PART_PROTEINS", 4)


def proteins() -> Iterator[Protein]:
    return (protein_from_sequence(f"p{row}", sequence) for row, sequence in enumerate(SEQUENCES))


def asked(folder: Path, suffix: str = ".csv") -> Asked:
    source = folder / "proteins.fasta"
    source.write_text("".join(f">p{row}\n{sequence}\n" for row, sequence in enumerate(SEQUENCES)))
    return Asked([source], folder / f"answers{suffix}", folder / f"residues{suffix}")


@pytest.mark.parametrize("suffix", [".csv", ".json", ".parquet"])
def test_parts_are_joined(predictor: Predictor, tmp_path: Path, suffix: str) -> None:
    wanted = asked(tmp_path, suffix)
    number, kept = predict_many(predictor, proteins, wanted, keep=6)
    assert (number, [one.id for one in kept]) == (11, [f"p{row}" for row in range(6)])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        wanted.answers.name,
        "proteins.fasta",
        f"residues{suffix}",
    ]
    if suffix == ".parquet":
        found = predictor(list(proteins()))
        rows = pq.read_table(wanted.answers).to_pylist()
        assert [(row["id"], row["property"]) for row in rows] == [
            (row["id"], row["property"]) for row in answer_rows(found)
        ]
        assert pq.read_table(tmp_path / "residues.parquet").num_rows == residue_table(found).num_rows


def test_a_killed_run_goes_on_to_the_same_bytes(predictor: Predictor, tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "killed").mkdir()
    whole, killed = asked(tmp_path / "whole"), asked(tmp_path / "killed")
    predict_many(predictor, proteins, whole)

    def until_second_part(line: str) -> None:
        if line.startswith("2"):
            os.kill(os.getpid(), signal.SIGKILL)

    process = multiprocessing.get_context("fork").Process(
        target=predict_many, args=(predictor, proteins, killed, until_second_part)
    )
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert len(list((tmp_path / "killed" / "answers.csv.parts").glob("part-*.parquet"))) == 2
    said: list[str] = []
    predict_many(predictor, proteins, killed, said.append)
    assert said == ["3 of 3 parts done (100.0%), 1 of them here"]
    for name in ("answers.csv", "residues.csv"):
        assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_machines_share_the_parts_and_one_joins_them(predictor: Predictor, tmp_path: Path) -> None:
    for name in ("whole", "shared"):
        (tmp_path / name).mkdir()
    whole, shared = asked(tmp_path / "whole"), asked(tmp_path / "shared")
    predict_many(predictor, proteins, whole)

    def held() -> Iterator[Protein]:
        """Proteins that come to an end only when they are counted; a part hangs at its first protein."""
        if not (tmp_path / "counted").exists():
            (tmp_path / "counted").touch()
            yield from proteins()
            return
        (tmp_path / "hangs").touch()
        signal.pause()

    victim = multiprocessing.get_context("fork").Process(
        target=lambda: predict_many(predictor, held, shared, is_shared=True)
    )
    victim.start()
    while not (tmp_path / "hangs").exists():
        time.sleep(0.01)

    def kill_first(line: str) -> None:
        if line.startswith("1 of 3"):  # part 0 is held by the other
            os.kill(victim.pid or 0, signal.SIGKILL)
            victim.join()

    said: list[str] = []
    number, first = predict_many(
        predictor, proteins, shared, lambda line: (said.append(line), kill_first(line))[0], keep=2, is_shared=True
    )
    assert (number, [one.id for one in first]) == (11, ["p0", "p1"])
    assert [line.split(" (")[0] for line in said] == [f"{done} of 3 parts done" for done in (1, 2, 3)]
    for name in ("answers.csv", "residues.csv"):
        assert (tmp_path / "shared" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    # A machine that comes late finds it done.
    assert predict_many(predictor, proteins, shared, said.append, keep=2, is_shared=True) == (11, [])
    assert len(said) == 3


def test_parts_of_another_input_are_refused(predictor: Predictor, tmp_path: Path) -> None:
    wanted = asked(tmp_path)
    folder = tmp_path / "answers.csv.parts"
    folder.mkdir()
    (folder / "asked.json").write_text('{"doubt": "other"}')
    with pytest.raises(ConfigError, match=r"answers\.csv\.parts.*doubt \('other' there"):
        predict_many(predictor, proteins, wanted)


def test_parts_of_other_weights_are_not_joined(predictor: Predictor, tmp_path: Path) -> None:
    other = made_predictor()
    assert other.properties.digest() == predictor.properties.digest()
    next(other.properties.model.parameters()).data.add_(1e-3)
    assert other.properties.digest() != predictor.properties.digest()
    wanted = asked(tmp_path)
    assert wanted.purpose(other) != wanted.purpose(predictor)


def test_another_kind_of_table_is_refused_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.csv, \.parquet, \.json"):
        asked(tmp_path, ".xls")


def test_two_of_one_name_and_none_are_refused(predictor: Predictor, tmp_path: Path) -> None:
    twice = [protein_from_sequence("a", "MKV"), protein_from_sequence("a", "MKL")]
    with pytest.raises(InputError, match="two proteins have one id"):
        predict_many(predictor, lambda: twice, asked(tmp_path))
    with pytest.raises(InputError, match="no protein"):
        predict_many(predictor, list, asked(tmp_path))
    assert not asked(tmp_path).folder.exists()  # the same command answers once the file is mended


def test_parts_under_other_names_are_not_joined(predictor: Predictor, tmp_path: Path) -> None:
    wanted = asked(tmp_path)

    def stopped(line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        predict_many(predictor, proteins, wanted, stopped)
    # A structure without a name is called as its file is: the same content may come under another one.
    with pytest.raises(ConfigError, match=r"begun for something else; found ids"):
        predict_many(predictor, lambda: (one.replace(id=f"new_{one.id}") for one in proteins()), wanted)
