"""Doubt by the kind of a property: true at its level on new items, written and read back exactly."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from protea.applications.properties.fitted.doubt import Doubt, PropertyDoubt, fit_property_doubt, quantiles_of
from protea.benchmark.calibration.class_sets import ClassSets
from protea.benchmark.calibration.domain import fit_domain
from protea.benchmark.calibration.platt_band import PlattBand
from protea.benchmark.calibration.split_conformal import SplitConformal
from protea.errors import FileFormatError, InputError
from protea.predict.shipped import predictor_folder
from tests.predict.made_predictor import made_predictor, properties

ASKED = properties()


def test_intervals_of_numbers_hold_what_they_promise() -> None:
    draw = np.random.default_rng(0)
    answer = draw.normal(size=4000)
    target = answer + draw.standard_t(4, size=4000)
    doubt = fit_property_doubt(ASKED["lysines"], target[:2000], answer[:2000], np.arange(2000), target[:2000], 0.8)
    assert isinstance(doubt.calibrator, SplitConformal)
    low, high = doubt.calibrator.intervals(answer[2000:]).T
    assert abs(((low <= target[2000:]) & (target[2000:] <= high)).mean() - 0.8) < 0.04


def test_sets_of_classes_hold_what_they_promise() -> None:
    draw = np.random.default_rng(1)
    answer = draw.dirichlet(np.ones(3), 4000)
    target = np.array([draw.choice(3, p=row) for row in answer])
    doubt = fit_property_doubt(ASKED["place"], target[:2000], answer[:2000], np.arange(2000), np.zeros(0), 0.9)
    assert isinstance(doubt.calibrator, ClassSets)
    is_in = doubt.calibrator.sets(np.log(answer[2000:]))
    assert abs(is_in[np.arange(2000), target[2000:]].mean() - 0.9) < 0.03


def test_labels_that_exclude_nothing_have_no_sets() -> None:
    doubt = fit_property_doubt(ASKED["binds"], np.zeros((4, 2), int), np.full((4, 2), 0.5), np.arange(4), np.zeros(0))
    assert doubt.calibrator is None


def test_held_out_items_without_a_curve_leave_yes_or_no_without_an_interval() -> None:
    answer = np.linspace(0.1, 0.9, 8)
    for target in (np.zeros(8, int), np.ones(8, int), np.repeat([0, 1], 4)):
        assert fit_property_doubt(ASKED["soluble"], target, answer, np.arange(8), np.zeros(0)).calibrator is None
    mixed = fit_property_doubt(ASKED["soluble"], np.array([0, 1] * 4), answer, np.arange(8), np.zeros(0))
    assert isinstance(mixed.calibrator, PlattBand)


def test_known_values_are_evenly_spaced_quantiles() -> None:
    known = np.random.default_rng(2).exponential(size=5000)
    doubt = PropertyDoubt(calibrator=None, known=quantiles_of(known))
    for value in (0.1, 0.7, 2.0):
        assert doubt.percentile(value) == pytest.approx(100 * (known < value).mean(), abs=0.5)
    assert quantiles_of(np.zeros(0)) == ()


def test_it_is_read_back_exactly(tmp_path: Path) -> None:
    doubt = made_predictor().doubt
    doubt.save(tmp_path)
    again = Doubt.load(tmp_path)
    assert again.properties == doubt.properties
    assert again.digest() == doubt.digest()
    assert doubt.domain is not None
    assert again.domain is not None
    asked = np.random.default_rng(3).normal(size=(4, 8))
    np.testing.assert_array_equal(
        again.domain.read(asked).neighbour_distance, doubt.domain.read(asked).neighbour_distance
    )


def test_a_bound_may_be_infinite(tmp_path: Path) -> None:
    doubt = fit_property_doubt(ASKED["lysines"], np.ones(3), np.zeros(3), np.arange(3), np.ones(3))
    Doubt({"lysines": doubt}, None).save(tmp_path)
    found = Doubt.load(tmp_path).properties["lysines"]
    assert found == doubt
    assert isinstance(found.calibrator, SplitConformal)
    assert found.calibrator.bound == np.inf


def test_the_digest_sees_the_domain() -> None:
    doubt = made_predictor().doubt
    assert doubt.domain is not None
    farther = replace(doubt.domain, limit=0.5)
    assert Doubt(doubt.properties, farther).digest() != doubt.digest()
    assert Doubt(doubt.properties, None).digest() != doubt.digest()


def test_without_a_domain_none_is_read(tmp_path: Path) -> None:
    Doubt({}, None).save(tmp_path)
    assert Doubt.load(tmp_path).domain is None


def test_folders_of_others_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing of its doubt"):
        Doubt.load(tmp_path)
    (tmp_path / "doubt.json").write_text('{"properties": {"a": 3}}')
    with pytest.raises(FileFormatError, match=r"doubt\.json"):
        Doubt.load(tmp_path)


def test_an_old_domain_does_not_outlive_a_predictor_without_one(tmp_path: Path) -> None:
    draw = np.random.default_rng(4)
    Doubt({}, fit_domain(draw.normal(size=(30, 3)), draw.normal(size=(20, 3)))).save(tmp_path)
    Doubt({}, None).save(tmp_path)
    assert Doubt.load(tmp_path).domain is None


def made_folder(folder: Path) -> Doubt:
    draw = np.random.default_rng(4)
    doubt = Doubt({}, fit_domain(draw.normal(size=(30, 3)), draw.normal(size=(20, 3))))
    doubt.save(folder)
    return doubt


def write_as_before(folder: Path) -> None:
    """Take what is said of the domain out of a folder, as folders of before said nothing."""
    tree = json.loads((folder / "doubt.json").read_text())
    del tree["sha256"]
    (folder / "doubt.json").write_text(json.dumps(tree))


def test_a_domain_that_belongs_to_the_folder_must_be_there(tmp_path: Path) -> None:
    made_folder(tmp_path)
    (tmp_path / "domain.npz").unlink()
    with pytest.raises(InputError, match=r"domain\.npz: no such file.*Copy the whole folder"):
        Doubt.load(tmp_path)


def test_a_domain_that_changed_is_refused(tmp_path: Path) -> None:
    made_folder(tmp_path)
    whole = (tmp_path / "domain.npz").read_bytes()
    for content in (whole[:-40], whole[:90] + bytes([whole[90] ^ 1]) + whole[91:]):
        (tmp_path / "domain.npz").write_bytes(content)
        with pytest.raises(FileFormatError, match=r"domain\.npz: the file was changed"):
            Doubt.load(tmp_path)


def test_a_domain_that_does_not_belong_to_the_folder_is_refused(tmp_path: Path) -> None:
    for name in ("with", "without"):
        (tmp_path / name).mkdir()
    made_folder(tmp_path / "with")
    Doubt({}, None).save(tmp_path / "without")
    (tmp_path / "without" / "domain.npz").write_bytes((tmp_path / "with" / "domain.npz").read_bytes())
    with pytest.raises(FileFormatError, match="a domain of another predictor; expected none"):
        Doubt.load(tmp_path / "without")


def test_folders_of_before_are_read(tmp_path: Path) -> None:
    doubt = made_folder(tmp_path)
    write_as_before(tmp_path)
    assert Doubt.load(tmp_path).digest() == doubt.digest()
    (tmp_path / "domain.npz").unlink()
    assert Doubt.load(tmp_path).domain is None


def test_the_digest_is_that_of_before(tmp_path: Path) -> None:
    expected = hashlib.sha256(b'{"properties":{}}').hexdigest()
    assert Doubt({}, None).digest() == expected
    Doubt({}, None).save(tmp_path)
    assert Doubt.load(tmp_path).digest() == expected


def test_the_shipped_doubt_states_its_domain() -> None:
    folder = predictor_folder(None)
    assert set(json.loads((folder / "doubt.json").read_text())["sha256"]) == {"domain.npz"}
    assert Doubt.load(folder).domain is not None
