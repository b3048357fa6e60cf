"""From the configuration and key names of a published language model to ours, and the model with its weights.

What a file holds is told by its keys, the sizes by its configuration. A setting that we do not have must have the one
value that we implement; anything else is named as not implemented. A setting that is left out has the value that the
original's constructor gives it.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from protea.benchmark.parity.comparison import Unsupported
from protea.benchmark.parity.golden import Golden
from protea.benchmark.parity.settings import refused_settings
from protea.encoders.language.amplify import AMPLIFY_VOCABULARY, AMPLIFYConfig
from protea.encoders.language.esm1 import ESM1bConfig, ESM1vConfig
from protea.encoders.language.esm2 import ESM2_VOCABULARY, ESM2Config
from protea.encoders.language.esm_aa import ESMAAConfig
from protea.encoders.language.esmc import ESMC_VOCABULARY, ESMCConfig
from protea.encoders.language.interface import LanguageModelConfig, load_language_weights
from protea.encoders.language.model import LanguageModel
from protea.encoders.language.prompt_protein import PromptProteinConfig
from protea.encoders.language.prott5 import ProtT5Config
from protea.encoders.language.saprot import SAPROT_VOCABULARY, SaProtConfig
from protea.encoders.language.vocabulary import Vocabulary

__all__ = ["golden_language_model", "language_model_kind", "published_language_model"]

_Settings = Mapping[str, Any]
_Found = dict[str, Any]

_FREE = {
    "hidden_dropout_prob", "attention_probs_dropout_prob", "attention_dropout", "classifier_dropout", "dropout_prob",
    "dropout_rate", "use_cache", "initializer_range", "initializer_factor", "embedding_init_range",
    "decoder_init_range", "pad_token_id", "bos_token_id", "eos_token_id", "decoder_start_token_id",
    "transformers_version", "torch_dtype", "dtype", "model_type", "architectures", "arch", "vocab_list",
    "num_decoder_layers", "is_encoder_decoder", "max_length", "vocab_size", "_name_or_path", "num_key_value_heads",
    "output_hidden_states", "output_attentions", "return_dict", "chunk_size_feed_forward", "id2label", "label2id",
    "problem_type", "scale_decoder_outputs", "auto_map", "n_positions", "output_past", "use_flash_attn",
    "layerdrop", "dropout",
}  # fmt: skip
"""Settings of training, of files, of decoders and of what is handed out, which change no number of an encoder."""

_EVERYWHERE: Mapping[str, tuple[Any, ...]] = MappingProxyType(
    {
        "is_decoder": (False,),
        "add_cross_attention": (False,),
        "rope_theta": (10000.0,),
        "esmfold_config": (None,),
        "gradient_checkpointing": (False, True),
    }
)
"""Settings that any model of the hub may have, and the values that we implement."""

_HUB_ESM: Mapping[str, Any] = MappingProxyType(
    {
        "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072,
        "max_position_embeddings": 1026, "layer_norm_eps": 1e-12, "position_embedding_type": "absolute",
        "token_dropout": False,
    }
)  # fmt: skip
_FAIR_ESM2: Mapping[str, Any] = MappingProxyType(
    {"num_layers": 33, "embed_dim": 1280, "attention_heads": 20, "token_dropout": True}
)
_FAIR_ESM1: Mapping[str, Any] = MappingProxyType({"token_dropout": False})
_T5: Mapping[str, Any] = MappingProxyType(
    {
        "d_model": 512, "d_kv": 64, "d_ff": 2048, "num_layers": 6, "num_heads": 8,
        "relative_attention_num_buckets": 32, "relative_attention_max_distance": 128, "layer_norm_epsilon": 1e-6,
    }
)  # fmt: skip
_AMPLIFY: Mapping[str, Any] = MappingProxyType(
    {
        "hidden_size": 960, "num_hidden_layers": 32, "num_attention_heads": 15, "intermediate_size": 3840,
        "norm_eps": 1e-5,
    }
)  # fmt: skip
_PROMPT_PROTEIN: Mapping[str, Any] = MappingProxyType({"token_dropout": True, "emb_layer_norm_before": False})
"""What the originals' constructors take for settings left out."""

_RENAMED = {
    "num_hidden_layers": "num_layers", "layers": "num_layers", "n_layers": "num_layers", "num_layers": "num_layers",
    "hidden_size": "width", "embed_dim": "width", "d_model": "width",
    "num_attention_heads": "num_heads", "attention_heads": "num_heads", "n_heads": "num_heads",
    "num_heads": "num_heads", "token_dropout": "token_dropout",
}  # fmt: skip
"""Settings by their published names, and ours."""


def golden_language_model(golden: Golden) -> LanguageModel:
    """Return the model of a golden with its weights, in evaluation mode.

    Raises:
        Unsupported: if we do not have it, or not with these settings.
        InputError: if the weights do not fit.
    """
    tensors = golden.weights()
    config = published_language_model(golden)
    if config is None:
        raise Unsupported("weights of no language model that we know")
    model = config.build().eval()
    load_language_weights(model, config, tensors, where=str(golden.folder))
    return model


def language_model_kind(golden: Golden) -> type[LanguageModelConfig] | None:
    """Return the kind of language model whose weights a golden holds, by their keys; None if they are of none.

    A few keys that the kind has not are left to the loading, which names them.
    """
    keys, settings = golden.weight_names(), {**_rows_of_tokens(golden), **golden.config}
    kind = next((kind for is_kind, kind in _KINDS if is_kind(keys, settings)), None)
    if kind is None:
        return None
    known = max(sum(bool(way.rule_of(key)) or way.is_ignored(key) for key in keys) for way in kind.names)
    return kind if known > _KNOWN_SHARE * len(keys) else None


def _rows_of_tokens(golden: Golden) -> dict[str, int]:
    """Return the number of tokens under the name of the setting: fair-esm states it nowhere but in the table."""
    tables = ("embed_tokens.weight", "word_embeddings.weight")
    rows = [shape[0] for key, shape in golden.weight_shapes.items() if key.endswith(tables)]
    return {"vocab_size": rows[0]} if rows else {}


def published_language_model(golden: Golden) -> LanguageModelConfig | None:
    """Return our configuration of the model whose weights a golden holds; None if its keys are of no language model.

    Raises:
        Unsupported: if we do not have the model with these settings.
    """
    kind = language_model_kind(golden)
    if kind is None:
        return None
    try:
        return kind.model_validate(_SETTINGS[kind](golden.config, golden.weight_names()))
    except ValidationError as error:
        raise refused_settings(f"the language model {kind.model_fields['kind'].default}", error) from error


def _sizes(config: _Settings, *, read: tuple[str, ...] = (), **fixed: tuple[Any, ...]) -> _Found:
    """Return the sizes under our names; raise Unsupported for a setting that is neither read nor as we implement it."""
    fixed = {**_EVERYWHERE, **fixed}
    for key, value in config.items():
        if key in _RENAMED or key in read or key in _FREE or (key in fixed and value in fixed[key]):
            continue
        allowed = f" (implemented: {', '.join(map(repr, fixed[key]))})" if key in fixed else ""
        raise Unsupported(f"a language model with {key} = {value!r}{allowed}")
    return {_RENAMED[key]: value for key, value in config.items() if key in _RENAMED}


def _has_contacts(keys: frozenset[str]) -> bool:
    return any("contact_head." in key for key in keys)


def _is_of_hub(keys: frozenset[str]) -> bool:
    return any(key.startswith("esm.") for key in keys)


def _esm_sizes(
    config: _Settings, keys: frozenset[str], *, read: tuple[str, ...] = (), vocabulary: Vocabulary = ESM2_VOCABULARY
) -> _Found:
    sizes = _sizes(
        config, read=(*read, "emb_layer_norm_before", "intermediate_size", "ffn_embed_dim", "layer_norm_eps"),
        mask_token_id=(None, vocabulary.mask_id), pad_token_id=(None, vocabulary.id_of[vocabulary.pad]),
        hidden_act=("gelu", "relu"), tie_word_embeddings=(True,), is_folding_model=(False,),
        position_embedding_type=("rotary", "absolute"), attention_type=("bidirectional",), alphabet=("ESM-1b",),
    )  # fmt: skip
    hidden_dim = config.get("intermediate_size", config.get("ffn_embed_dim"))
    found = {**sizes, "hidden_dim": hidden_dim, "has_contact_head": _has_contacts(keys)}
    return {**found, "norm_eps": config["layer_norm_eps"]} if "layer_norm_eps" in config else found


def _esm2(config: _Settings, keys: frozenset[str], vocabulary: Vocabulary = ESM2_VOCABULARY) -> _Found:
    config = {**(_HUB_ESM if _is_of_hub(keys) else _FAIR_ESM2), **config}
    # The published files hold a table of places that nothing reads.
    return _esm_sizes(config, keys, read=("max_position_embeddings",), vocabulary=vocabulary)


def _saprot(config: _Settings, keys: frozenset[str]) -> _Found:
    return _esm2(config, keys, SAPROT_VOCABULARY)


def _esm1(config: _Settings, keys: frozenset[str]) -> _Found:
    config = {**(_HUB_ESM if _is_of_hub(keys) else _FAIR_ESM1), **config}
    sizes = _esm_sizes(config, keys, read=("max_position_embeddings", "max_positions"))
    # The hub counts the two rows of padding, fair-esm does not.
    if "max_positions" in config:
        sizes["max_tokens"] = config["max_positions"]
    elif "max_position_embeddings" in config:
        sizes["max_tokens"] = config["max_position_embeddings"] - 2
    return sizes


def _esm_aa(config: _Settings, keys: frozenset[str]) -> _Found:
    sizes = _sizes({**_FAIR_ESM2, **config}, build_dist_head=(True,), alphabet=("ESM-AA",))
    return {**sizes, "has_contact_head": _has_contacts(keys)}


def _esmc(config: _Settings, keys: frozenset[str]) -> _Found:
    rotation = {"rope_type": "default", "rope_theta": 10000.0}
    if {**rotation, **(config.get("rope_parameters") or {})} != rotation:
        raise Unsupported(
            f"a language model with rope_parameters = {config['rope_parameters']} (implemented: {rotation})"
        )
    return _sizes(
        config, read=("intermediate_size", "head_dim", "max_position_embeddings", "rope_parameters"),
        hidden_act=("silu",), attention_bias=(False,), mlp_bias=(False,), tie_word_embeddings=(False,),
        mask_token_id=(None, ESMC_VOCABULARY.mask_id),
    )  # fmt: skip


def _amplify(config: _Settings, keys: frozenset[str]) -> _Found:
    config = {**_AMPLIFY, **config}
    if "hidden_act" in config:
        config["hidden_act"] = str(config["hidden_act"]).lower()  # as the original does
    named = {"intermediate_size": "intermediate_dim", "norm_eps": "norm_eps"}
    sizes = _sizes(
        config, read=tuple(named), rms_norm=(True,), hidden_act=("swiglu",), layer_norm_after_embedding=(False,),
        layer_norm_before_last_layer=(True,), ffn_bias=(False,), att_bias=(False,),
        mask_token_id=(None, AMPLIFY_VOCABULARY.mask_id),
        unk_token_id=(None, AMPLIFY_VOCABULARY.id_of[AMPLIFY_VOCABULARY.unknown]),
    )  # fmt: skip
    return {**sizes, **{ours: config[key] for key, ours in named.items() if key in config}}


def _prott5(config: _Settings, keys: frozenset[str]) -> _Found:
    config = {**_T5, **config}
    named = {
        "d_kv": "head_dim", "d_ff": "hidden_dim", "layer_norm_epsilon": "norm_eps",
        "relative_attention_num_buckets": "num_buckets", "relative_attention_max_distance": "max_distance",
    }  # fmt: skip
    sizes = _sizes(
        config, read=tuple(named), feed_forward_proj=("relu",), dense_act_fn=("relu",), is_gated_act=(False,),
        tie_word_embeddings=(True, False),
    )  # fmt: skip
    return {**sizes, **{ours: config[key] for key, ours in named.items() if key in config}}


def _prompt_protein(config: _Settings, keys: frozenset[str]) -> _Found:
    config = {**_PROMPT_PROTEIN, **config}
    named = {
        "layer_num": "num_layers", "attention_head_num": "num_heads", "ffn_embed_dim": "hidden_dim",
        "max_position_num": "max_tokens", "emb_layer_norm_before": "has_first_norm",
    }  # fmt: skip
    sizes = _sizes(config, read=tuple(named))
    return {**sizes, **{ours: config[key] for key, ours in named.items() if key in config}}


_SETTINGS: Mapping[type[LanguageModelConfig], Callable[[_Settings, frozenset[str]], _Found]] = MappingProxyType(
    {
        ESM1bConfig: _esm1,
        ESM1vConfig: _esm1,
        ESM2Config: _esm2,
        SaProtConfig: _saprot,
        ESMAAConfig: _esm_aa,
        ESMCConfig: _esmc,
        AMPLIFYConfig: _amplify,
        ProtT5Config: _prott5,
        PromptProteinConfig: _prompt_protein,
    }
)
"""From the published settings and keys to ours."""

_Is = Callable[[frozenset[str], _Settings], bool]


def _has(*wanted: str) -> _Is:
    return lambda keys, config: any(key.endswith(wanted) for key in keys)


def _has_places(keys: frozenset[str], config: _Settings) -> bool:
    # Another kind of place than these two is named where the settings are read.
    is_learned = config.get("position_embedding_type") != "rotary"
    is_named = "esm.embeddings.position_embeddings.weight" in keys and not _has_frequencies(keys, config)
    return "embed_positions.weight" in keys or (is_named and is_learned)


def _has_first_norm(keys: frozenset[str], config: _Settings) -> bool:
    names = ("emb_layer_norm_before.", "esm.embeddings.layer_norm.")
    return _has_places(keys, config) and any(key.startswith(names) for key in keys)


def _has_pairs(keys: frozenset[str], config: _Settings) -> bool:
    return _is_rotary(keys, config) and config.get("vocab_size") == len(SAPROT_VOCABULARY)


def _is_rotary(keys: frozenset[str], config: _Settings) -> bool:
    # Frequencies that follow from the head's width may be left out.
    is_fair = "layers.0.self_attn.q_proj.weight" in keys and "embed_positions.weight" not in keys
    return _has_frequencies(keys, config) or is_fair or config.get("position_embedding_type") == "rotary"


_has_frequencies = _has("layers.0.self_attn.rot_emb.inv_freq", "rotary_embeddings.inv_freq")
_KNOWN_SHARE = 0.75
"""Of the keys a kind must know more than this; a model that holds another as a part has many of its own."""

_KINDS: tuple[tuple[_Is, type[LanguageModelConfig]], ...] = (
    (_has("gbf.means.weight"), ESMAAConfig),
    (_has("sequence_head.0.weight", "esmc.embed_tokens.weight", "layernorm_qkv.weight"), ESMCConfig),
    (_has("transformer_encoder.0.ffn.w12.weight"), AMPLIFYConfig),
    (_has("block.0.layer.0.SelfAttention.relative_attention_bias.weight"), ProtT5Config),
    (_has("layers.0.layer_gated.weight"), PromptProteinConfig),
    (_has_first_norm, ESM1bConfig),
    (_has_places, ESM1vConfig),
    (_has_pairs, SaProtConfig),
    (_is_rotary, ESM2Config),
)
"""What tells a model by its keys and settings; the first that applies."""
