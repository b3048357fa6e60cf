"""Options of commands that use a language model, and the models that they name."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from protea.cli.options import AcceleratorChoice

if TYPE_CHECKING:
    from protea.encoders.language.interface import LanguageModelConfig
    from protea.encoders.language.model import LanguageModel
    from protea.encoders.language.windows import WindowPolicy

__all__ = [
    "LanguageModelOption",
    "LanguageWeightsOption",
    "NamedModels",
    "TokensOption",
    "WindowChoice",
    "WindowOption",
    "WindowTokensOption",
    "language_model_config",
    "named_models",
    "require_sized",
    "window_policy",
]


class WindowChoice(StrEnum):
    """How sequences are read that are too long for one reading."""

    auto = "auto"
    whole = "whole"
    centred = "centred"
    overlapping = "overlapping"


LanguageWeightsOption = Annotated[
    list[str],
    typer.Option(
        "--weights", help="Published weights by name (`protea weights list`), or a file of them. Repeatable: averaged."
    ),
]
LanguageModelOption = Annotated[
    str | None,
    typer.Option("--model", help="What a file of weights holds: kind and size (esm2/35M); other sizes by --set."),
]
TokensOption = Annotated[int, typer.Option("--tokens", min=1, help="Tokens that are read in one pass.")]
WindowOption = Annotated[
    WindowChoice,
    typer.Option(
        "--window", help="Windows of long sequences; auto: centred where residues are hidden, else overlapping."
    ),
]
WindowTokensOption = Annotated[
    int | None,
    typer.Option("--window-tokens", min=3, help="Tokens of a window; what the model allows, or 1,024, if not given."),
]


class NamedModels(NamedTuple):
    """Language models in evaluation mode on their device, and what to write down of them."""

    models: "tuple[LanguageModel, ...]"
    facts: dict[str, Any]

    @property
    def words(self) -> str:
        """Name and number of the models, for captions."""
        return str(self.facts["model"]) + (f", mean of {len(self.models)}" if len(self.models) > 1 else "")


def language_model_config(model: str, overrides: Sequence[str] | None = None) -> "LanguageModelConfig":
    """Return the configuration of `kind` or `kind/size` after overrides such as `num_layers=3`.

    Raises:
        ConfigError: no such kind, size or setting.
    """
    from protea.config import Config, apply_overrides, parse_config
    from protea.encoders.language.catalogue import AnyLanguageModel
    from protea.encoders.weights.language_models import language_config

    class Choice(Config):
        model: AnyLanguageModel

    kind, _, size = model.partition("/")
    tree = language_config(kind, size).model_dump() if size else {"kind": kind}
    return parse_config(Choice, {"model": apply_overrides(tree, list(overrides or []))}, where="--model").model


def require_sized(overrides: Sequence[str] | None, model: str | None) -> None:
    """Raise ConfigError for sizes by --set of published weights, whose sizes follow from their name."""
    from protea.errors import ConfigError, describe

    if overrides and model is None:
        raise ConfigError(
            describe("published weights have their own sizes", where="--set", expected="--model with a file of weights",
                     do="Leave --set out.")
        )  # fmt: skip


def named_models(
    weights: Sequence[str], model: str | None, overrides: Sequence[str] | None, accelerator: AcceleratorChoice
) -> NamedModels:
    """Return the models that the options name, one per file or name of weights.

    Raises:
        ConfigError: no such model, a file without --model, or settings without it.
        InputError: the weights are not there or do not fit.
    """
    from protea import __version__
    from protea.encoders.weights.language_models import load_language_model
    from protea.training.device import device_named

    require_sized(overrides, model)
    config = None if model is None else language_model_config(model, overrides)
    found = [load_language_model(name, config) for name in weights]
    device = device_named(accelerator.value)
    facts = {
        "model": model if model is not None else ", ".join(weights),
        "settings": found[0].config.model_dump(mode="json"),
        "weights_sha256": [digest for item in found for digest in item.digests],
        "version": __version__,
    }
    return NamedModels(tuple(item.model.to(device) for item in found), facts)


def window_policy(choice: WindowChoice, tokens: int | None, models: "Sequence[LanguageModel]") -> "WindowPolicy | None":
    """Return the windows that the options name; None where every method takes its own.

    Raises:
        ConfigError: windows longer than the model can read, or a size without a kind.
    """
    from protea.encoders.language.windows import WindowKind, WindowPolicy
    from protea.errors import ConfigError, describe

    kind_of: dict[WindowChoice, WindowKind] = {
        WindowChoice.whole: "whole", WindowChoice.centred: "centred", WindowChoice.overlapping: "overlapping"
    }  # fmt: skip
    most = min((model.max_tokens or 10**9 for model in models), default=10**9)
    if choice is WindowChoice.auto:
        if tokens is not None:
            raise ConfigError(describe("which windows?", where="--window-tokens", expected="--window as well"))
        return None
    size = min(most, 1024) if tokens is None else tokens
    if size > most:
        raise ConfigError(
            describe("windows longer than the model reads", where="--window-tokens", expected=f"at most {most}",
                     found=str(size))
        )  # fmt: skip
    return WindowPolicy.of_size(kind_of[choice], size)
