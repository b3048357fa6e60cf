"""The `protea` command: one file per command. Each parses, loads its configuration, calls the library and prints.

Exit codes: 0 done; 1 a check did not pass (parity beyond tolerance, a leak, a refused file, a failed cell); 2 wrong
usage or input, told in one line on stderr; 3 an optional dependency is missing; 4 a golden of something that Protea
does not have yet. With `--json` a command writes one JSON value to stdout and nothing else.

- main.py: the tree of commands, and what an error becomes
- exit_codes.py: what a command returns to the shell
- options.py: options that several commands share
- printing.py: JSON, tables, progress
- parity.py: `protea parity`
- data_curate.py: `protea data curate`
- data_fetch.py: `protea data fetch`
- data_build.py: `protea data build`
- data_inspect.py: `protea data inspect`
- data_split.py: `protea data split`
- data_leakage.py: `protea data leakage`
- train.py: `protea train`
- pretrain.py: `protea pretrain`
- finetune.py: `protea finetune`
- predict.py: `protea predict`
- embed.py: `protea embed`
- explain.py: `protea explain`
- visualise.py: `protea visualise`
- bench_run.py: `protea bench run`
- bench_report.py: `protea bench report`
- bench_calibrate.py: `protea bench calibrate`
- bench_evaluate.py: `protea bench evaluate`
- sequence.py: the sub-commands of `protea sequence`
- sequence_perplexity.py: `protea sequence perplexity`
- sequence_fill.py: `protea sequence fill`
- sequence_contacts.py: `protea sequence contacts`
- sequence_fit_contacts.py: `protea sequence fit-contacts`
- variants.py: the sub-commands of `protea variants`
- variants_score.py: `protea variants score`
- variants_scan.py: `protea variants scan`
- variants_compare.py: `protea variants compare`
- variants_intervals.py: `protea variants intervals`
- variants_evaluate.py: `protea variants evaluate`
- function.py: the sub-commands of `protea function`
- function_predict.py: `protea function predict`
- function_evaluate.py: `protea function evaluate`
- function_compare.py: `protea function compare`
- interactions.py: the sub-commands of `protea interactions`
- interactions_compare.py: `protea interactions compare`
- interactions_fit.py: `protea interactions fit`
- interactions_predict.py: `protea interactions predict`
- interactions_screen.py: `protea interactions screen`
- prompts.py: the sub-commands of `protea prompts`
- prompts_inject.py: `protea prompts inject`
- prompts_list.py: `protea prompts list`
- prompts_ablate.py: `protea prompts ablate`
- prompts_show.py: `protea prompts show`
- prompts_probe.py: `protea prompts probe`
- embedding_options.py: options of `protea embed`
- language_options.py: options of commands that use a language model
- properties.py: the sub-commands of `protea properties`
- properties_list.py: `protea properties list`
- properties_baselines.py: `protea properties baselines`
- properties_fit.py: `protea properties fit`
- properties_evaluate.py: `protea properties evaluate`
- weights.py: the sub-commands of `protea weights`
- weights_list.py: `protea weights list`
- weights_export.py: `protea weights export`
- weights_fetch.py: `protea weights fetch`
- weights_verify.py: `protea weights verify`
- weights_convert.py: `protea weights convert`
- download_bars.py: a bar per file while files are fetched
- doctor.py: `protea doctor`
"""
