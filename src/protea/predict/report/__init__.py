"""Answers as one self-contained HTML page that fetches nothing and can be read without a script.

Objects: markup of `benchmark/report`. Axes: protein, residue.

- page.py: the page
- cards.py: an answer as a card
- function_part.py: terms of function
- interaction_part.py: partners
- track_picture.py: tracks as a picture
- paint.py: a track as colours and widths of residues
- structure_view.py: a chain in space
- molstar.py: Mol*, where it is installed
- scan_part.py: what substitutions change
"""

__all__: list[str] = []
