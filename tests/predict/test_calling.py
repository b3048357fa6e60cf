"""`protea.predict` is a package that can be called, and `import protea` stays light."""

import subprocess
import sys
from pathlib import Path

import pytest

import protea
from protea.errors import InputError
from protea.predict.answer import ProteinAnswers
from protea.predict.calling import answers_about
from protea.protein.record import protein_from_sequence
from tests.predict.made_predictor import made_predictor, saved


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(tmp_path_factory.mktemp("predictor"))


def test_one_sequence_one_answer(folder: Path) -> None:
    found = protea.predict("MKTAYIAKQRQISF", predictor=folder)  # type: ignore[operator]
    (expected,) = made_predictor()([protein_from_sequence("protein_1", "MKTAYIAKQRQISF")])
    assert isinstance(found, ProteinAnswers)
    assert [answer.value for answer in found.answers] == [answer.value for answer in expected.answers]


def test_several_keep_their_order_and_records_their_ids(folder: Path) -> None:
    found = answers_about(["MKV", protein_from_sequence("mine", "WWW")], predictor=folder)
    assert isinstance(found, list)
    assert [(one.id, one.sequence) for one in found] == [("protein_1", "MKV"), ("mine", "WWW")]


def test_what_is_no_sequence_is_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="protein_2, position 3"):
        answers_about(["MKV", "MK1"], predictor=folder)


def test_folders_may_be_names_and_nothing_asked_is_nothing_answered(folder: Path) -> None:
    assert protea.predict("MKV", predictor=str(folder)).sequence == "MKV"  # type: ignore[operator]
    assert answers_about([], predictor=folder) == []
    assert [one.id for one in answers_about((one for one in ("MKV", "WW")), predictor=folder)] == [
        "protein_1",
        "protein_2",
    ]


def test_importing_protea_stays_light() -> None:
    code = "import sys, protea; assert 'torch' not in sys.modules; protea.predict; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
