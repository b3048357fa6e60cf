"""Models and windows as options name them."""

from pathlib import Path

import pytest

from protea.cli.language_options import WindowChoice, language_model_config, named_models, window_policy
from protea.cli.options import AcceleratorChoice
from protea.encoders.language.esm2 import ESM2Config
from protea.encoders.language.windows import WindowPolicy
from protea.errors import ConfigError
from tests.cli.language_weights import TINY, write_weights
from tests.encoders.language.tiny_models import tiny_esm2


def test_kind_size_and_settings() -> None:
    assert language_model_config("esm2/35M") == ESM2Config.sized("35M")
    assert language_model_config("esm2", ["num_layers=3"]) == ESM2Config(num_layers=3)
    assert language_model_config("esm2/35M", ["width=40"]) == ESM2Config.sized("35M").model_copy(update={"width": 40})
    for wrong in ("esm9", "esm2/1K"):
        with pytest.raises(ConfigError):
            language_model_config(wrong)
    with pytest.raises(ConfigError, match="depth"):
        language_model_config("esm2", ["depth=3"])


def test_models_and_what_is_written_of_them(tmp_path: Path) -> None:
    files = [str(write_weights(tmp_path / f"{seed}.safetensors", seed)) for seed in (0, 1)]
    found = named_models(files, "esm2", list(TINY[3::2]), AcceleratorChoice.cpu)
    assert len(found.models) == 2
    assert found.words == "esm2, mean of 2"
    assert len(set(found.facts["weights_sha256"])) == 2
    assert found.facts["settings"]["width"] == 16
    assert not any(model.training for model in found.models)


def test_windows() -> None:
    models = [tiny_esm2()]
    assert window_policy(WindowChoice.auto, None, models) is None
    assert window_policy(WindowChoice.centred, None, models) == WindowPolicy("centred", 1024, 511)
    assert window_policy(WindowChoice.overlapping, 100, models) == WindowPolicy("overlapping", 100, 49)
    with pytest.raises(ConfigError, match="which windows"):
        window_policy(WindowChoice.auto, 100, models)
    short = tiny_esm2()
    short.embedding.max_tokens = 50
    assert window_policy(WindowChoice.centred, None, [short]) == WindowPolicy("centred", 50, 24)
    with pytest.raises(ConfigError, match="at most 50"):
        window_policy(WindowChoice.centred, 51, [short])


def test_sizes_of_published_weights_are_not_passed_over() -> None:
    with pytest.raises(ConfigError, match="--set: published weights have their own sizes"):
        named_models(["esm2_8m"], None, ["num_layers=1"], AcceleratorChoice.cpu)
