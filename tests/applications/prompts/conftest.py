"""One finished injection for all tests of this folder."""

from pathlib import Path

import pytest

from protea.applications.prompts.injection import inject
from tests.applications.prompts.made_injections import Injected, injection


@pytest.fixture(scope="session")
def injected(tmp_path_factory: pytest.TempPathFactory) -> Injected:
    """The prompts seq and ic in a tiny model, trained until the motif is found."""
    folder: Path = tmp_path_factory.mktemp("injected")
    config = injection(folder / "data")
    content = inject(config, folder / "run", folder / "cache")
    return Injected(folder, config, content)
