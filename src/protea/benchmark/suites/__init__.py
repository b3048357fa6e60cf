"""Benchmark suites: one file each.

- interface.py: what a suite is; its data, folds, tasks, input variants
- catalogue.py: the suites by name
- ppi_site.py: interaction sites on the docking benchmark
- inverse_folding.py: residue type from the backbone, on the same chains
- fold_class.py: SCOP class from CA traces
- diagnostics.py: what can an encoder see? generated structures with exact labels
"""
