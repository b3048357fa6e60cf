"""Timings of predictions."""
