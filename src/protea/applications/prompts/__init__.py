"""Prompts of a language model: injected with knowledge, listed, ablated, shown, used as probes.

Objects: a task (an objective, the prompts that it is read under, its own data), an injection (a model, new prompts and
tasks trained together), a run folder with the provenance of its prompts. Axes: protein, residue, pair, prompt,
condition (a set of prompts that are on). Loss: L = L_C + lambda sum of alpha_t L_t, L_C the knowledge that is kept.

- task_data.py: the data of a task, in three parts, with the sequences that they hold
- network_data.py: pairs of an interaction network as data of a task
- complex_data.py: partners of complexes, and where their residues lie, as data of a task
- leak_guard.py: training proteins that resemble what is tested
- injection_config.py: what an injection is told
- starting_weights.py: the weights that an injection starts from
- provenance.py: where the prompts of a run come from
- injection.py: prompts and tasks trained into a model
- conditions.py: which sets of prompts are compared
- member_bootstrap.py: intervals where items are pairs that share proteins
- ablation.py: a run under no prompt, each, all, and wrong ones
- ablation_report.py: the table of an ablation
- shift.py: how far each residue moves when prompts are on
- moved_residues.py: whether the residues that move most are at the surface or an interface
- shift_files.py: a shift map as table, page and coloured structure
- probe.py: which prompt helps a new task
"""
