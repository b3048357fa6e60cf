"""Tests of sources, store, splits and loading."""
