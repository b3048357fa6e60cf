"""A predictor answers in units, the same after a round trip and whatever stands beside a sequence."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from protea.applications.properties.cheap.linear_answer import LinearAnswer
from protea.applications.properties.fitted.predictor import PredictorFile, PropertyPredictor
from protea.applications.properties.joint.multi_task import objective_of
from protea.applications.properties.labels.catalogue import BUILT_IN
from protea.applications.properties.labels.transforms import FittedTransform, FittedZScore
from protea.datasets.sequence_digest import sequence_digest
from protea.encoders.language.encoder import LanguageEncoderConfig
from protea.encoders.language.protea_mini import ProteaMiniConfig
from protea.errors import FileFormatError, InputError
from protea.features.schemes import SchemeConfig
from protea.objectives.heads import HeadConfig
from protea.predict.shipped import predictor_folder
from protea.training.model import ModelConfig, initialised

NAMES = ("melting_temperature", "localisation", "pka")
SEQUENCES = ["MKDVL", "ACDEFGHIKLMNPQRSTVWY" * 3, "MDE"]


def made_predictor() -> PropertyPredictor:
    properties = {name: BUILT_IN[name] for name in NAMES}
    model = ModelConfig(
        scheme=SchemeConfig(kind="sequence"),
        encoder=LanguageEncoderConfig(model=ProteaMiniConfig(num_layers=1, width=64)),
        objectives={name: objective_of(item, HeadConfig(width=8)) for name, item in properties.items()},
        weights=dict.fromkeys(NAMES, 1.0),
    )
    reference = BUILT_IN["pka"].transform[0].fit(np.array([4.0]), "D")
    transforms = {
        "melting_temperature": FittedTransform(steps=(FittedZScore(mean=50.0, scale=8.0),), lower=0.0, upper=120.0),
        "localisation": FittedTransform(),
        "pka": FittedTransform(steps=(reference, FittedZScore(mean=0.0, scale=1.0)), lower=-5.0, upper=20.0),  # type: ignore[arg-type]
    }
    trivial: dict[str, float | tuple[float, ...]] = {
        "melting_temperature": 0.0,
        "localisation": (0.1,) * 10,
        "pka": 0.0,
    }
    file = PredictorFile(
        properties=properties, transforms=transforms, trivial=trivial, model=model, trained_on=(sequence_digest("MDE"),)
    )
    return PropertyPredictor(file, initialised(model, 0).eval())


def test_answers_are_in_units_and_do_not_depend_on_company() -> None:
    predictor = made_predictor()
    for name in NAMES:
        together = predictor.predict(name, SEQUENCES)
        for sequence, found in zip(SEQUENCES, together, strict=True):
            np.testing.assert_allclose(predictor.predict(name, [sequence])[0], found, atol=1e-5)
    assert [answer.shape for answer in predictor.predict("localisation", SEQUENCES)] == [(10,)] * 3
    np.testing.assert_allclose(predictor.predict("localisation", SEQUENCES)[1].sum(), 1.0, atol=1e-5)
    assert 0 < float(predictor.predict("melting_temperature", SEQUENCES)[0]) < 120


def test_only_titratable_residues_have_a_pka() -> None:
    predictor = made_predictor()
    found, trivial = predictor.predict("pka", ["MKDVL"])[0], predictor.trivial("pka", ["MKDVL"])[0]
    assert np.isnan(found).tolist() == [True, False, False, True, True]
    np.testing.assert_allclose(trivial[1:3], [10.4, 3.7])
    assert abs(found[1] - 10.4) < 4
    assert float(predictor.trivial("melting_temperature", ["MK"])[0]) == 50.0


def test_a_round_trip_keeps_every_answer(tmp_path: Path) -> None:
    predictor = made_predictor()
    predictor.save(tmp_path / "one")
    again = PropertyPredictor.load(tmp_path / "one")
    assert again.file == predictor.file
    for name in NAMES:
        for one, other in zip(predictor.predict(name, SEQUENCES), again.predict(name, SEQUENCES), strict=True):
            assert torch.equal(torch.from_numpy(one).nan_to_num(-1), torch.from_numpy(other).nan_to_num(-1))
    with pytest.raises(InputError, match="no predictor of properties"):
        PropertyPredictor.load(tmp_path)
    with pytest.raises(InputError, match="no property 'charge'; expected one of melting_temperature"):
        again.predict("charge", ["MK"])


def made_with_columns() -> PropertyPredictor:
    plain = made_predictor()
    file = plain.file.model_copy(update={"columns": {"melting_temperature": ("composition",)}})
    return replace(
        plain, file=file, linear={"melting_temperature": LinearAnswer("value", np.ones((20, 1)), np.ones(1))}
    )


def flip(path: Path, place: int) -> None:
    """Change one byte of a file."""
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["weights.safetensors", "columns.safetensors"])
def test_one_byte_that_changed_is_refused(name: str, tmp_path: Path) -> None:
    made_with_columns().save(tmp_path)
    assert PropertyPredictor.load(tmp_path).digest() == made_with_columns().digest()
    flip(tmp_path / name, -1)  # of the last number
    with pytest.raises(FileFormatError, match=rf"{name}: the file was changed.*SHA-256.*found.*Copy"):
        PropertyPredictor.load(tmp_path)


@pytest.mark.parametrize("name", ["weights.safetensors", "columns.safetensors"])
@pytest.mark.parametrize("is_old", [False, True])
def test_missing_and_cut_weights_are_named(name: str, is_old: bool, tmp_path: Path) -> None:
    made_with_columns().save(tmp_path)
    if is_old:
        write_as_before(tmp_path)
    path = tmp_path / name
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(FileFormatError, match=name):
        PropertyPredictor.load(tmp_path)
    path.unlink()
    with pytest.raises(InputError, match=name):
        PropertyPredictor.load(tmp_path)


def write_as_before(folder: Path) -> None:
    """Take the digests out of a folder, as folders of before had none."""
    tree = json.loads((folder / "predictor.json").read_text())
    del tree["sha256"]
    (folder / "predictor.json").write_text(json.dumps(tree))


def test_folders_of_before_are_read(tmp_path: Path) -> None:
    made_with_columns().save(tmp_path)
    write_as_before(tmp_path)
    assert PropertyPredictor.load(tmp_path).digest() == made_with_columns().digest()


def test_a_part_of_a_predictor_is_written_with_digests_of_its_own(tmp_path: Path) -> None:
    made_predictor().save(tmp_path / "whole")
    PropertyPredictor.load(tmp_path / "whole").only(("pka",)).save(tmp_path / "part")
    again = PropertyPredictor.load(tmp_path / "part")
    assert tuple(again.file.properties) == ("pka",)


def test_the_shipped_predictor_states_its_digests() -> None:
    stated = json.loads((predictor_folder(None) / "predictor.json").read_text())["sha256"]
    assert set(stated) == {"weights.safetensors", "columns.safetensors"}
    PropertyPredictor.load(predictor_folder(None))


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    (tmp_path / "predictor.json").write_bytes(b"\xff\xfe{")
    with pytest.raises(FileFormatError, match="not a predictor"):
        PropertyPredictor.load(tmp_path)
