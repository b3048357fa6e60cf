"""Sources of proteins, one file each. A source is a configuration with `proteins()` and `fingerprint()`.

- interface.py: the base of source configurations, and the report of what could not be read
- members.py: the files of a folder or archive, read in memory
- contact_labels.py: which residues touch a partner, and labels carried between two forms of a protein
- docking.py: partners of docking complexes with interface labels
"""
