"""Strict loading of published tensors: every key must find its place, and every place its key."""

from collections.abc import Mapping

import torch
from torch import Tensor

from protea.encoders.interface import Encoder
from protea.encoders.weights.key_fit import fit_of_keys
from protea.encoders.weights.key_maps import CHECKPOINT_PREFIX, KEY_MAPS, KeyMap
from protea.errors import InputError, describe

__all__ = ["load_published"]


def load_published(encoder: Encoder, tensors: Mapping[str, Tensor], *, where: str = "weights") -> None:
    """Load tensors by their published names into an encoder; nothing is changed if anything is wrong.

    A whole checkpoint is recognised by keys with the prefix `encoder.`; its other keys (decoders) are left out.

    Raises:
        InputError: if keys are missing, unexpected, of another shape, or if the two names of one tensor disagree.
    """
    kind = encoder.config.kind
    if any(key.startswith(CHECKPOINT_PREFIX) for key in tensors):
        tensors = {
            key.removeprefix(CHECKPOINT_PREFIX): value
            for key, value in tensors.items()
            if key.startswith(CHECKPOINT_PREFIX)
        }
    found = _without_repeats(tensors, KEY_MAPS.get(kind, KeyMap()), where)
    fit = fit_of_keys(encoder.state_dict(), found)
    if not fit.is_exact:
        raise InputError(
            describe(
                f"the tensors do not fit the encoder {kind!r}",
                where=where,
                expected="every key and shape of the configuration",
                found=str(fit),
                do="Build the encoder with the sizes that the weights were trained with.",
            )
        )
    encoder.load_state_dict(found, strict=True)


def _without_repeats(tensors: Mapping[str, Tensor], key_map: KeyMap, where: str) -> dict[str, Tensor]:
    """Return the tensors under their first names, once the repeats are known to agree; constants are left out."""
    result: dict[str, Tensor] = {}
    for key, value in tensors.items():
        if key_map.is_ignored(key):
            continue
        name = key_map.first_name(key)
        if name in result and not torch.equal(result[name], value):
            raise InputError(
                describe(
                    f"two names of one tensor disagree: {key} and {name}",
                    where=where,
                    expected="equal values",
                    do="The file is damaged or was edited; fetch it again.",
                )
            )
        result[name] = value
    return result
