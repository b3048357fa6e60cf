"""Every shared golden of what Protea has agrees within its card's tolerance, in float32 and float64."""

from pathlib import Path

import pytest

from protea.benchmark.parity.check import check_golden
from protea.benchmark.parity.golden import Golden
from protea.benchmark.parity.published_encoders import PUBLISHED_ENCODERS
from tests.conftest import shared_path

OURS = ("features", "encoders", "metrics")
ROOT = shared_path("goldens")
FOLDERS = [] if ROOT is None else sorted(
    folder.parent for part in OURS for folder in (ROOT / part).glob("*/outputs.npz")
)  # fmt: skip
# Of later issues.
LATER = {"metrics/ensembles", "metrics/bioemu_benchmarks"}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_golden(shared_goldens: Path, folder: Path) -> None:
    golden = Golden(folder)
    report = check_golden(golden)
    encoder = str(golden.config.get("_target_", "")).rpartition(".")[2]
    is_expected = encoder in PUBLISHED_ENCODERS if encoder else golden.name not in LATER
    beyond = [item for item in report.comparisons if not item.is_within]
    assert report.status == ("agrees" if is_expected else "not implemented"), (report.reason, beyond)
    if is_expected and (folder / "outputs64.npz").exists():
        assert {item.precision for item in report.comparisons} >= {"float32", "float64"}
