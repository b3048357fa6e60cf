"""Timings of `protea.datasets`."""
