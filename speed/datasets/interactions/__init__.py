"""Timings of `protea.datasets.interactions`."""
