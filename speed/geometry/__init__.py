"""Timings of `protea.geometry`."""
