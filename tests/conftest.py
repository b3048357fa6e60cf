"""What every test has at hand: shared data and goldens, both precisions, fixed seeds, one thread.

Shared data and goldens lie beside the repository (``../shared``; the variable ``PROTEA_SHARED`` names another
place). Where they are absent, the tests that need them skip with a reason; with ``PROTEA_REQUIRE_SHARED=1`` such a
skip is a failure, so that continuous integration cannot pass by skipping.

Use the fixtures ``shared_data`` and ``shared_goldens``; at collection time (to parametrise over files) use
``from tests.conftest import shared_path``, which returns ``None`` where nothing is there.

Nothing here may import ``protea`` at module level: the jaxtyping hook (see ``addopts`` in ``pyproject.toml``) checks
only what is imported after it is in place.
"""

from __future__ import annotations

import os
import random
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    import torch

REPOSITORY = Path(__file__).resolve().parents[1]

# One thread per worker: `make test` runs one worker per core, and sums are then the same on every run.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MPLBACKEND", "Agg")

settings.register_profile(
    "protea",
    derandomize=True,
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("protea")


def shared_root() -> Path:
    """The folder that holds the shared data and goldens, whether or not it exists."""
    return Path(os.environ.get("PROTEA_SHARED", REPOSITORY.parent / "shared")).expanduser().resolve()


def shared_path(*parts: str) -> Path | None:
    """A path under the shared folder, or None where it does not exist."""
    path = shared_root().joinpath(*parts)
    return path if path.exists() else None


def require_shared(*parts: str) -> Path:
    """A path under the shared folder; the calling test skips (or fails, see above) where it does not exist."""
    path = shared_path(*parts)
    if path is not None:
        return path
    reason = f"shared files are absent: no {'/'.join(parts)} in ../shared (PROTEA_SHARED names another place)"
    if is_shared_required():
        pytest.fail(f"{reason}; PROTEA_REQUIRE_SHARED=1 forbids to skip", pytrace=False)
    pytest.skip(reason)


def is_shared_required() -> bool:
    """Whether a test that misses its shared files fails instead of skipping."""
    return os.environ.get("PROTEA_REQUIRE_SHARED", "0") == "1"


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real proteins, labels and traps."""
    return require_shared("data")


@pytest.fixture(scope="session")
def shared_goldens() -> Path:
    """The folder of reference inputs and outputs."""
    return require_shared("goldens")


@pytest.fixture(params=["float32", "float64"])
def dtype(request: pytest.FixtureRequest) -> torch.dtype:
    """Both precisions in turn."""
    import torch

    return {"float32": torch.float32, "float64": torch.float64}[request.param]


@pytest.fixture
def tolerance(dtype: torch.dtype) -> float:
    """The largest scaled difference allowed in the precision of this test: 1e-4 in float32, 1e-9 in float64."""
    import torch

    return 1e-4 if dtype == torch.float32 else 1e-9


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    import torch

    torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def _threads_stay_one() -> Iterator[None]:
    """No test leaves another number of threads: a process that is forked later would wait for them for ever."""
    import torch

    yield
    found = torch.get_num_threads()
    torch.set_num_threads(1)
    assert found == 1, f"left {found} threads of the maths library"


@pytest.fixture(autouse=True)
def _fixed_seeds() -> None:
    import torch

    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - libraries that we call may draw from the global generator
    torch.manual_seed(0)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that asks for shared files, so that `-m shared` selects them."""
    for item in items:
        if {"shared_data", "shared_goldens"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.shared)


def _forbid_shared_skip(report: Any) -> None:
    """Turn a skip for want of shared files into a failure where they are required."""
    if not (report.skipped and is_shared_required()) or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if "shared" in reason or "empty parameter set" in reason:
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped, but PROTEA_REQUIRE_SHARED=1: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """Refuse skipped shared tests under PROTEA_REQUIRE_SHARED=1."""
    report = yield
    _forbid_shared_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    """Refuse modules skipped at collection under PROTEA_REQUIRE_SHARED=1."""
    report = yield
    _forbid_shared_skip(report)
    return report
