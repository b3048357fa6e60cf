"""A short digest of a sequence, by which a model knows again what it was trained on without holding it."""

import hashlib

__all__ = ["sequence_digest"]


def sequence_digest(sequence: str) -> str:
    """Return 16 hexadecimal digits."""
    return hashlib.blake2b(sequence.encode(), digest_size=8).hexdigest()
