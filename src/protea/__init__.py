"""Protea: a workbench for protein representation learning whose numbers can be trusted.

The data flows one way, and so do the imports (low to high):

- errors.py: the exception tree
- config.py: the strict configuration base; load, override, save
- cluster: one folder, many machines: claims, parts, who joins them
- geometry: pure tensor maths on packed points: rotations, frames, torsions, superposition, segments, neighbours
- protein: what a protein is: the record, its readers and writers, the packed batch
- metrics: one metric per file on whole arrays, with bootstrap and paired tests
- datasets: where proteins come from: store, sources, labels, splits, leakage
- features: what an encoder may see: residue features, graphs, schemes
- encoders: one file per encoder behind one interface
- objectives: losses and pretraining tasks, heads, weights
- training: one thin Lightning module, data order, resume
- benchmark: suites, controls, runner, report, parity with published models
- applications: what trained encoders are put to: embeddings on disk, explanations, maps
- predict: all that is said of a protein, as tables and as a page
- cli: the `protea` command
"""

from importlib import import_module
from types import ModuleType

__all__ = ["__version__"]
__version__ = "0.1.0"


def __getattr__(name: str) -> ModuleType:
    """Return the package `predict`, which can be called; it is imported when it is first asked for."""
    if name == "predict":
        return import_module("protea.predict")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
