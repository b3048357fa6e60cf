"""What stands for a residue: its CA alone (the default, not here), or several nodes.

Axes: residue (packed), node type; node (packed: by residue, then by type). Angstrom.

- catalogue.py: all representations by name
- interface.py: what a representation is, and the nodes of a batch
- backbone.py: N, CA, C, O
- full_atom.py: all heavy atoms
- side_chain.py: the centroid of the side chain, with the CA or the backbone
"""
