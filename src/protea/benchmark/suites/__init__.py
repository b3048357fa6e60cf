"""Benchmark suites: one file each.

- interface.py: what a suite is; its data, folds, tasks, input variants
- catalogue.py: the suites by name
- ppi_site.py: interaction sites on the docking benchmark
- inverse_folding.py: residue type from the backbone, on the same chains
- fold_class.py: SCOP class from CA traces
- ligand_site.py: residues at metal ions or small molecules
- published.py: what the suites of published sets share: parts, labels joined at load, units of resampling
- fold.py: SCOP 1.75 folds, with three tests
- gene_ontology.py: Gene Ontology terms, with tests by identity
- enzyme_reaction.py: reaction classes of enzymes
- cath_inverse_folding.py: residue type from the backbone, on CATH 4.2
- metal_3d.py: residues at zinc ions
- masif_site.py: interaction sites of MaSIF-site
- ptm_site.py: post-translational modifications
- antibody_developability.py: antibodies that can be developed
- ccpdb.py: residues that bind ligands, metals, nucleic acids or nucleotides
- deep_sea.py: proteins of deep-sea organisms
- component_folds.py: folds over identity components of a store
- diagnostics.py: what can an encoder see? generated structures with exact labels
- diagnostics_questions.py: the eight questions, their metrics and chance levels
- diagnostics_labels.py: their labels, as functions of geometry or sequence
- diagnostics_sight.py: what each encoder, graph and scheme lets a model see
- diagnostics_expectations.py: what must come out, stated beforehand, and the check of a cell against it
- diagnostics_oracles.py: exact ceilings where inputs tie
- diagnostics_shape.py: radius and contacts of generated chains beside real ones
"""
