"""What this installation can do: interpreter, torch, devices, programs, extras, places to write."""

import importlib.util
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import requires
from pathlib import Path

import torch

from protea import __version__
from protea.datasets.sequence_search import mmseqs_version
from protea.errors import ProteaError

__all__ = ["Finding", "examine"]

_LEAST_PYTHON = (3, 11)
# What is imported for each distribution of an extra, where the names differ.
_MODULE_OF = {"import-linter": "importlinter", "pytest-xdist": "xdist", "biopython": "Bio", "umap-learn": "umap"}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `is_needed` says whether Protea can work without it."""

    name: str
    found: str
    is_good: bool
    is_needed: bool = True
    advice: str = ""


def examine(cache: Path, shared: Path) -> list[Finding]:
    """Return what was found, needed things first.

    Args:
        cache: where stores are kept; it is made if it is not there.
        shared: the folder of shared real data, which may be absent.
    """
    python = sys.version_info >= _LEAST_PYTHON
    findings = [
        Finding("protea", __version__, True),
        Finding("python", platform.python_version(), python, advice="" if python else "Install Python 3.11 or newer."),
        Finding("torch", torch.__version__, True),
        Finding("cores and threads", f"{os.cpu_count()} cores, {torch.get_num_threads()} threads", True),
        _try("MMseqs2", mmseqs_version),
        _writable(cache),
    ]
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else "none: the CPU is used"
    findings.append(Finding("GPU", gpu, torch.cuda.is_available(), is_needed=False))
    findings += [_extra(extra, modules) for extra, modules in _extras().items()]
    is_there = shared.is_dir()
    found = str(shared) if is_there else f"absent ({shared})"
    advice = "" if is_there else "Only some tests and profiles use it."
    findings.append(Finding("shared data", found, is_there, is_needed=False, advice=advice))
    return findings


def _try(name: str, ask: Callable[[], str]) -> Finding:
    try:
        return Finding(name, ask(), True)
    except ProteaError as error:
        return Finding(name, "absent", False, advice=str(error))


def _writable(cache: Path) -> Finding:
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=cache):
            return Finding("cache", str(cache), True)
    except OSError as error:
        return Finding("cache", f"{cache}: {error.strerror}", False, advice="Name another place with --cache.")


def _extras() -> dict[str, list[str]]:
    """Return the distributions of each extra, as the installed package declares them."""
    found: dict[str, list[str]] = {}
    for line in requires("protea") or []:
        requirement, _, marker = line.partition(";")
        if "extra ==" in marker:
            extra = marker.partition("extra ==")[2].strip(" \"'")
            name = requirement.strip()
            for sign in "<>=!~[ ":
                name = name.partition(sign)[0]
            found.setdefault(extra, []).append(name)
    return found


def _extra(extra: str, names: list[str]) -> Finding:
    missing = [name for name in names if importlib.util.find_spec(_MODULE_OF.get(name, name.replace("-", "_"))) is None]
    text = f"missing {', '.join(missing)}" if missing else "complete"
    advice = f"pip install 'protea[{extra}]'" if missing else ""
    return Finding(f"extra {extra}", text, not missing, is_needed=False, advice=advice)
