"""Other programs' protein objects and arrays, to and from Protea's. Angstrom.

- dense.py: dense atom arrays [residue, atom type, 3] to a batch
"""
