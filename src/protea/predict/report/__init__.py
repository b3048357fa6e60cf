"""Answers as one self-contained HTML page that fetches nothing and can be read without a script.

Objects: markup of `benchmark/report`. Axes: protein, residue.

- page.py: the page
- cards.py: an answer as a card
- track_picture.py: tracks as a picture
"""

__all__: list[str] = []
