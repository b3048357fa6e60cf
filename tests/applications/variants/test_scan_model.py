"""A model of a scan: intervals hold what they promise, nothing is promised elsewhere, and a folder is the model."""

import json
from pathlib import Path

import numpy as np
import pytest

from protea.applications.variants.mutations import Variant, parse_variant
from protea.applications.variants.scan_model import ScanModel, ScanModelConfig, fit_scan
from protea.benchmark.calibration.coverage_band import coverage_band
from protea.benchmark.learners.gaussian_process import GaussianProcessConfig
from protea.benchmark.learners.ridge import RidgeConfig
from protea.errors import FileFormatError, InputError
from tests.applications.variants.made_scan import WILD_TYPE, made_scan
from tests.applications.variants.test_interval_check import made_scan as made_singles

RIDGE = RidgeConfig(penalties=(0.3,))


def fitted(scan, rows=slice(None), **settings):  # type: ignore[no-untyped-def]
    config = ScanModelConfig(learner=settings.pop("learner", RIDGE), **settings)
    return fit_scan(config, "made", scan.wild_type, 5, "score", scan.names[rows], scan.variants[rows], scan.value[rows])


@pytest.fixture(scope="module")
def singles():  # type: ignore[no-untyped-def]
    return made_singles(100)


def test_intervals_hold_what_they_promise_at_known_and_at_new_positions(singles) -> None:  # type: ignore[no-untyped-def]
    # A tenth of the variants, and all of every tenth position, are kept from the model.
    place = np.array([variant.positions[0] for variant in singles.variants])
    is_out = place % 10 == 0
    is_some = ~is_out & (np.arange(place.size) % 10 == 3)
    rows = np.flatnonzero(~is_out & ~is_some)
    scan = type(singles)("made", singles.wild_type, tuple(singles.names[i] for i in rows),
                         tuple(singles.variants[i] for i in rows), singles.value[rows], {}, {}, "0")  # fmt: skip
    model = fitted(scan)
    assert model.file.new is not None
    assert model.file.new.num_positions == 18
    asked = np.flatnonzero(is_out | is_some)
    found = model.predict([singles.names[i] for i in asked], [singles.variants[i] for i in asked])
    truth = singles.value[asked]
    is_inside = (found.interval[:, 0] <= truth) & (truth <= found.interval[:, 1])
    known = np.array([own == "known positions" for own in found.interval_of])
    assert (found.is_position_known == known).all()
    band = coverage_band(0.9, model.file.known.num_variants, int(known.sum()))
    assert band.holds(float(is_inside[known].mean()))
    assert is_inside[~known].mean() > 0.75  # ten positions: the unit is the position
    width = found.interval[:, 1] - found.interval[:, 0]
    assert width[~known].mean() > 2 * width[known].mean()


def test_positions_that_were_held_out_were_not_learned_from(singles) -> None:  # type: ignore[no-untyped-def]
    model = fitted(singles)
    assert len(model.file.positions) == 80
    asked = [variant for variant in singles.variants if variant.positions[0] not in model.file.positions]
    found = model.predict([str(one) for one in asked], asked)
    # One-hot columns say one number where nothing was learned.
    assert np.ptp(found.value) == pytest.approx(0, abs=1e-12)
    assert model.file.new is not None
    assert model.file.new.spearman is None
    assert model.file.known.spearman is not None
    assert model.file.known.spearman > 0.7


def test_several_mutations_are_calibrated_together_and_more_are_not_promised() -> None:
    scan = made_scan(num_variants=400, most=2, noise=0.3)
    model = fitted(scan)
    assert model.file.new is None
    assert model.file.most_mutations == 2
    triple = parse_variant("M1A:A2D:G3K", WILD_TYPE)
    double = parse_variant("M1A:A2D", WILD_TYPE)
    found = model.predict(["t", "d", "wt"], [triple, double, Variant()])
    assert found.interval_of == ("none", "known positions", "known positions")
    assert np.isnan(found.interval[0]).all()
    assert np.isfinite(found.interval[1:]).all()
    assert np.isfinite(found.value).all()


def test_a_process_has_intervals_in_proportion_to_its_deviation() -> None:
    scan = made_scan(num_variants=80, most=1)
    model = fitted(scan, learner=GaussianProcessConfig(most_for_scales=30), new_positions=0.0, held_out=0.4)
    found = model.predict(scan.names, scan.variants)
    assert found.std is not None
    assert model.file.known.interval is not None
    half = (found.interval[:, 1] - found.interval[:, 0]) / 2
    assert half == pytest.approx(model.file.known.interval.bound * found.std)


def test_a_folder_is_the_model(singles, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    model = fitted(singles, features=("one_hot", "blosum62"))
    model.save(tmp_path / "m")
    again = ScanModel.load(tmp_path / "m")
    assert again.file == model.file
    one, other = (each.predict(singles.names, singles.variants) for each in (model, again))
    assert other.value == pytest.approx(one.value, abs=1e-12)
    assert other.interval == pytest.approx(one.interval, abs=1e-12, nan_ok=True)
    assert {path.suffix for path in (tmp_path / "m").iterdir()} == {".json", ".safetensors"}
    with pytest.raises(InputError, match="no model of a scan"):
        ScanModel.load(tmp_path)
    (tmp_path / "m" / "scan_model.json").write_text("{")
    with pytest.raises(FileFormatError, match="not a model of a scan"):
        ScanModel.load(tmp_path / "m")


def test_weights_that_changed_or_were_cut_are_refused(singles, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    fitted(singles, features=("one_hot",)).save(tmp_path)
    path, stated = tmp_path / "weights.safetensors", tmp_path / "scan_model.json"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(FileFormatError, match=r"weights\.safetensors: the file was changed"):
        ScanModel.load(tmp_path)
    tree = json.loads(stated.read_text())
    del tree["sha256"]  # as folders of before
    stated.write_text(json.dumps(tree))
    path.write_bytes(whole[:-1])
    with pytest.raises(FileFormatError, match=r"weights\.safetensors: not a safetensors file"):
        ScanModel.load(tmp_path)
    path.write_bytes(whole)
    ScanModel.load(tmp_path)


def test_another_wild_type_is_refused_with_its_place() -> None:
    model = fitted(made_scan(num_variants=200))
    model.require_wild_type(WILD_TYPE)
    with pytest.raises(
        InputError, match=r"another wild type \(made\); found 1 of 20 differ, the first is C instead of A at 6"
    ):
        model.require_wild_type("MC" + WILD_TYPE[2:])
    with pytest.raises(InputError, match="19 residues against 20"):
        model.require_wild_type(WILD_TYPE[1:])


def test_too_few_and_twice_are_refused() -> None:
    scan = made_scan(num_variants=300)
    with pytest.raises(InputError, match="too few variants"):
        fitted(scan, rows=slice(0, 8))
    with pytest.raises(InputError, match="stands twice"):
        fit_scan(ScanModelConfig(), "made", WILD_TYPE, 1, "score", ("a", "b"), scan.variants[:1] * 2, scan.value[:2])


def test_too_few_held_out_give_no_interval() -> None:
    scan = made_scan(num_variants=60, most=1)
    model = fitted(scan, level=0.99)
    assert model.file.known.interval is None
    found = model.predict(scan.names, scan.variants)
    assert set(found.interval_of) == {"none"}
    assert np.isnan(found.interval).all()
