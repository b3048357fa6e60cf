"""Sources of proteins, one file each. A source is a configuration with `proteins()` and `fingerprint()`.

- interface.py: the base of source configurations, and the report of what could not be read
- members.py: the files of a folder or archive, read in memory
- opened_tar.py: a .tar, .tar.gz or .tar.zst read to its end, with an error where it is cut or damaged
- contact_labels.py: which residues touch a partner, and labels carried between two forms of a protein
- label_files.py: labels in CSV or Parquet, by protein or residue
- catalogue.py: the union of all source configurations
- action_tables.py: proteins of a network of interactions in two tables
- ca_traces.py: CA-only chains with SCOP classes
- foldcomp_database.py: FoldComp databases of predicted structures
- fetched.py: the base of sources whose files come from the network
- atom3d/: sets of ATOM3D: tables of atoms in LMDB files
- predicted.py: AlphaFold DB and ESM Atlas
- pdb_index.py: the index files of the PDB archive
- pdb_archive.py: chains of the whole PDB, chosen by its index files
- published/: the sets of the field: lists with labels and splits
- folder.py: structure files or FASTA with labels from tables
- ligand_sites.py: chains of structure files with the residues at their own ligands labelled
- accessible_chains.py: sequences of structures with the accessible surface of their residues
- labelled_sequences.py: the base of sources of sequences with labels and parts
- sequence_tables.py: labelled sequences in CSV or Parquet tables
- variant_scan.py: variants of one protein with a measured score
- generated.py: made proteins of ideal geometry and random sequence, with their mirror images
- generation/: how their backbones are made
- binding_records.py: complexes with a measured affinity, or their mutants with its change
- complex_positions.py: partners of docking complexes with the place of each residue in the complex
- docking.py: partners of docking complexes with interface labels
"""
