"""Timings of features and graphs."""
