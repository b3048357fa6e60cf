"""Published sets: lists of chains with labels and splits, whose structures come one by one or in an archive.

Objects: a `ListedChain` (a line of the lists, with its part of the published split), a configuration per set that
yields records without labels, and joins labels and split to them afterwards. Ids are `<entry>_<chain>`, with the entry
in lower case. Axes: protein, residue, term or kind of a label. Positions in angstrom.

- interface.py: listed chains, and the base of the sets whose structures are fetched one by one
- structures.py: where a fetched entry lies and how it is read
- archives.py: text files inside an archive, and domains inside a SCOP archive
- site_labels.py: residue labels from ligands, partners and listed positions
- cath.py: chains of CATH 4.2 for inverse folding
- fold.py: SCOP 1.75 fold classification with three tests
- astral.py: SCOPe domains with their classes
- enzyme_commission.py: reaction classes of enzymes
- gene_ontology.py: Gene Ontology terms of chains
- metal_sites.py: residues at zinc and other ions
- masif_site.py: residues at protein interfaces
- ccpdb.py: residues that bind ligands, metals, nucleic acids, nucleotides
- ptm.py: post-translational modifications on predicted structures
- antibody_developability.py: antibodies that can or cannot be developed
- deep_sea.py: proteins of deep-sea organisms
- tape.py: the tasks of TAPE on bare sequences
- json_records.py: records of large JSON files inside an archive
- protein_glue.py: the tasks of ProteinGLUE on bare sequences
- tensorflow_examples.py: records of TensorFlow's file format
- gnn_ppi.py: the interaction networks SHS27k and SHS148k
- string_links.py: interaction networks of STRING by species
- skempi.py: complexes of SKEMPI 2.0 with their affinities
- sabdab.py: antibodies with their antigens and affinities
- igfold.py: predicted antibodies in one archive
"""
