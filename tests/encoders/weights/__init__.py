"""Tests of published weights."""
