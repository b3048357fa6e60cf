"""Timings of the readers."""
