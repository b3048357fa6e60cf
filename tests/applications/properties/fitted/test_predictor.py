"""A predictor answers in units, the same after a round trip and whatever stands beside a sequence."""

from pathlib import Path

import numpy as np
import pytest
import torch

from protea.applications.properties.fitted.predictor import PredictorFile, PropertyPredictor
from protea.applications.properties.joint.multi_task import objective_of
from protea.applications.properties.labels.catalogue import BUILT_IN
from protea.applications.properties.labels.transforms import FittedTransform, FittedZScore
from protea.datasets.sequence_digest import sequence_digest
from protea.encoders.language.encoder import LanguageEncoderConfig
from protea.encoders.language.protea_mini import ProteaMiniConfig
from protea.errors import InputError
from protea.features.schemes import SchemeConfig
from protea.objectives.heads import HeadConfig
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
