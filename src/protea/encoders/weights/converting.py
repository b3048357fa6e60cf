"""Any file of weights as one `.safetensors` file, under its published names or ours; read back before it counts."""

import json
import math
import os
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from protea.cluster.usual_rights import usual_rights
from protea.datasets.fetching.receipt import digest_of_fetched
from protea.encoders.language.interface import LanguageModelConfig, require_fit
from protea.encoders.weights.language_models import OWN_NAMES, places_of, tensors_under_our_names
from protea.encoders.weights.reading import WeightFiles, read_tensors
from protea.errors import ContractError, InputError, describe

__all__ = ["Conversion", "convert_weights"]


@dataclass(frozen=True)
class Conversion:
    """What was written; `left_out` are tensors that no model reads."""

    target: Path
    num_tensors: int
    num_values: int
    left_out: tuple[str, ...]


def convert_weights(
    found: WeightFiles, target: Path, *, config: LanguageModelConfig | None = None, is_overwriting: bool = False
) -> Conversion:
    """Return what was written to `target`: the tensors as they are, under our names where `config` is given.

    The metadata tell the source files with their SHA-256, the layout and settings of the source, and which names.

    Raises:
        InputError: if the target exists and is not to be overwritten, is no `.safetensors` file or one of the sources,
            or the tensors are not those of `config`.
    """
    _require_place(found, target, is_overwriting=is_overwriting)
    where = str(found.files[0])
    tensors = found.tensors
    if config is not None:
        tensors = tensors_under_our_names(found.checkpoint, config, where)
        require_fit(places_of(config), tensors, config, where)
    # A tied tensor is stored as a copy, and a view as itself: the format knows neither.
    tensors = {name: value.detach().clone().contiguous() for name, value in tensors.items()}
    draft = target.with_name(f".{target.name}.{os.getpid()}.draft")
    try:
        with usual_rights(draft):
            save_file(tensors, draft, metadata=_metadata(found, config))
        _require_same(read_tensors(draft), tensors, target)
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    num_values = sum(value.numel() for value in tensors.values())
    return Conversion(target, len(tensors), num_values, found.checkpoint.left_out)


def _metadata(found: WeightFiles, config: LanguageModelConfig | None) -> dict[str, str]:
    settings = found.checkpoint.metadata
    plain = {key: value for key, value in settings.items() if isinstance(value, bool | int | float | str)}
    plain = {key: value for key, value in plain.items() if not isinstance(value, float) or math.isfinite(value)}
    return {
        "format": "pt",
        "layout": found.checkpoint.layout,
        "names": "published" if config is None else OWN_NAMES,
        "sources": json.dumps({file.name: digest_of_fetched(file) for file in found.files}),
        "settings": json.dumps(plain, allow_nan=False),
        **({} if config is None else {"config": config.model_dump_json()}),
    }


def _require_place(found: WeightFiles, target: Path, *, is_overwriting: bool) -> None:
    if target.suffix != ".safetensors":
        raise InputError(describe("not a name of this format", where=str(target), expected="NAME.safetensors"))
    if target.exists() and not is_overwriting:
        raise InputError(
            describe("there is a file already", where=str(target), do="Choose another name, or `--overwrite`.")
        )
    if target.resolve() in {file.resolve() for file in found.files}:
        raise InputError(describe("the target is the source", where=str(target), do="Choose another name."))


def _require_same(written: dict[str, Tensor], tensors: dict[str, Tensor], target: Path) -> None:
    wrong = [
        name
        for name, value in tensors.items()
        if name not in written or written[name].dtype != value.dtype
        or not torch.equal(written[name].reshape(-1).view(torch.uint8), value.reshape(-1).view(torch.uint8))
    ]  # fmt: skip
    if wrong or len(written) != len(tensors):
        raise ContractError(
            describe("what was written is not what was read", where=str(target), found=f"{wrong[:5]}",
                     do="Is the disk full?")
        )  # fmt: skip
