"""Tests of Protea: mirrors `src/protea` file by file, with contracts, architecture and parity beside it."""
