"""Published language models load strictly from any form of file, and every form gives the same model."""

import re
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from protea.benchmark.parity.golden import find_goldens
from protea.benchmark.parity.published_language_models import golden_language_model, published_language_model
from protea.encoders.language.catalogue import LANGUAGE_MODELS
from protea.encoders.language.esm1 import ESM1vConfig
from protea.encoders.language.esm2 import ESM2Config
from protea.encoders.language.esmc import ESMCConfig
from protea.encoders.weights.checkpoint_layout import Checkpoint
from protea.encoders.weights.converting import convert_weights
from protea.encoders.weights.language_models import fit_of_language_model, language_config, load_language_model
from protea.encoders.weights.manifest import manifest
from protea.encoders.weights.places import folder_of
from protea.encoders.weights.reading import read_checkpoint, read_tensors
from protea.errors import ConfigError, FileFormatError, InputError
from tests.encoders.weights.made_entries import fair_names, safetensors_of, write_fair_esm
from tests.encoders.weights.made_files import trap

TINY = ESM2Config(num_layers=1, width=8, num_heads=2)
SEQUENCES = ["MKTAYIA", "GX"]


def logits(path: Path, config: ESM2Config | ESM1vConfig = TINY) -> torch.Tensor:
    found = load_language_model(path, config)
    assert not found.model.training
    with torch.no_grad():
        read = found.model(found.model.tokens(SEQUENCES), logits=True).logits
    assert read is not None
    return read


def test_every_entry_is_a_model_of_the_catalogue() -> None:
    kinds = {model.model_fields["kind"].default for model in LANGUAGE_MODELS}
    for entry in manifest().values():
        if entry.kind in kinds:
            assert language_config(entry.kind, entry.size).kind == entry.kind
        else:
            with pytest.raises(ConfigError, match=f"no language model of the kind '{entry.kind}'; expected one of"):
                language_config(entry.kind, entry.size)
    with pytest.raises(ConfigError, match="expected one of 8M"):
        language_config("esm2", "9M")


def test_original_files_and_safetensors_give_the_same_model(tmp_path: Path) -> None:
    tensors = fair_names()
    pickled = write_fair_esm(tmp_path, tensors)
    save_file(tensors, tmp_path / "m.safetensors")
    assert torch.equal(logits(pickled), logits(tmp_path / "m.safetensors"))
    found = load_language_model(pickled, TINY)
    assert [file.name for file in found.files] == ["m.pt", "m-contact-regression.pt"]
    assert [len(digest) for digest in found.digests] == [64, 64]
    assert torch.equal(found.model.contact_head.weight, tensors["contact_head.regression.weight"][0])


def test_a_file_without_its_contact_head_is_refused_unless_none_is_asked_for(tmp_path: Path) -> None:
    pickled = write_fair_esm(tmp_path, fair_names())
    whole = logits(pickled)
    (tmp_path / "m-contact-regression.pt").unlink()
    with pytest.raises(InputError, match=r"m\.pt.*missing \['contact_head\.bias', 'contact_head\.weight'\]"):
        load_language_model(pickled, TINY)
    assert torch.equal(logits(pickled, TINY.model_copy(update={"has_contact_head": False})), whole)


def test_missing_unknown_and_misshapen_keys_are_named(tmp_path: Path) -> None:
    tensors = fair_names()
    file = tmp_path / "m.safetensors"
    save_file({key: value for key, value in tensors.items() if key != "layers.0.fc1.bias"}, file)
    with pytest.raises(InputError, match=r"m\.safetensors.*missing \['[\w.]*\.feed_forward\.first\.bias'"):
        load_language_model(file, TINY)
    save_file(tensors | {"layers.0.odd": torch.zeros(1)}, file)
    with pytest.raises(InputError, match=r"m\.safetensors: keys that this model does not have.*layers\.0\.odd"):
        load_language_model(file, TINY)
    save_file(tensors | {"emb_layer_norm_after.bias": torch.zeros(9)}, file)
    with pytest.raises(InputError, match=r"transformer\.last_norm\.bias: expected \(8,\), found \(9,\)"):
        load_language_model(file, TINY)


def test_the_row_of_the_mask_is_zero_in_files_of_fair_esm_and_kept_in_others(tmp_path: Path) -> None:
    config = ESM1vConfig(num_layers=1, width=8, num_heads=2, max_tokens=12)
    tensors = fair_names(has_places=True)
    save_file(tensors, tmp_path / "m.safetensors")
    torch.save({"model": {f"encoder.{key}": value for key, value in tensors.items()}, "args": {}}, tmp_path / "m.pt")
    kept = load_language_model(tmp_path / "m.safetensors", config).model.embedding.token.weight
    zeroed = load_language_model(tmp_path / "m.pt", config).model.embedding.token.weight
    assert torch.equal(kept[:32], zeroed[:32])
    assert kept[32].abs().min() > 0
    assert not zeroed[32].any()


def test_an_untrained_contact_head_is_not_taken(tmp_path: Path) -> None:
    config = ESM1vConfig(num_layers=1, width=8, num_heads=2, max_tokens=12)
    head = {"contact_head.regression.weight": torch.ones(1, 2), "contact_head.regression.bias": torch.ones(1)}
    save_file(fair_names(has_places=True) | head, tmp_path / "m.safetensors")
    assert load_language_model(tmp_path / "m.safetensors", config).model.contact_head is None


def test_a_name_is_looked_up_in_the_cache_and_never_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = manifest()["esm2_8m"]
    with pytest.raises(InputError, match=r"esm2_8m: these weights are not here.*`protea weights fetch esm2_8m`"):
        load_language_model("esm2_8m", cache=tmp_path)
    safetensors_of(folder_of(entry, tmp_path), fair_names())
    with pytest.raises(InputError, match=r"model\.safetensors.*do not fit"):  # the tiny model is not the published one
        load_language_model("esm2_8m", cache=tmp_path)
    found = load_language_model("esm2_8m", TINY, cache=tmp_path)
    assert found.files == (folder_of(entry, tmp_path) / "model.safetensors",)
    monkeypatch.setenv("PROTEA_CACHE", str(tmp_path))
    assert load_language_model("esm2_t6_8M_UR50D", TINY).files == found.files
    with pytest.raises(ConfigError, match="esm2_8m: these weights are of another model; expected esm2; found esm1v"):
        load_language_model("esm2_8m", ESM1vConfig(), cache=tmp_path)


def test_a_path_needs_a_configuration_and_a_trap_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="which model does this file hold"):
        load_language_model(tmp_path / "m.pt")
    torch.save({"model": {"a": trap(tmp_path / "sprung")}}, tmp_path / "m.pt")
    with pytest.raises(FileFormatError, match="not read"):
        load_language_model(tmp_path / "m.pt", TINY)
    assert not (tmp_path / "sprung").exists()


def test_the_fit_needs_no_memory_for_the_model() -> None:
    config = language_config("esm2", "15B")  # 60 GB in float32
    fit = fit_of_language_model(Checkpoint("safetensors", fair_names()), config, "x")
    assert not fit.is_exact
    assert any(name.startswith("transformer.blocks.47.") for name in fit.missing)


FAMILIES = ("esm1", "esm2", "esmc", "amplify", "saprot", "prott5", "esm_aa")


@pytest.mark.parametrize("family", FAMILIES)
def test_goldens_give_the_same_model_in_every_form(shared_goldens: Path, family: str, tmp_path: Path) -> None:
    goldens = find_goldens([shared_goldens / family])
    assert goldens
    for golden in goldens:
        config = published_language_model(golden)
        assert config is not None
        file = golden.folder / "weights.safetensors"
        state = load_language_model(file, config).model.state_dict()
        built = golden_language_model(golden)
        assert all(torch.equal(value, state[name]) for name, value in built.state_dict().items())
        place = tmp_path / golden.folder.name
        (place / "shards").mkdir(parents=True)
        tensors = read_tensors(file)
        torch.save(tensors, place / "whole.bin")
        torch.save({"state_dict": tensors}, place / "old.ckpt", _use_new_zipfile_serialization=False)
        names = sorted(tensors)
        for number, part in enumerate((names[::2], names[1::2]), start=1):
            save_file({name: tensors[name] for name in part}, place / "shards" / f"w-0000{number}-of-00002.safetensors")
        convert_weights(read_checkpoint(place / "whole.bin"), place / "theirs.safetensors")
        convert_weights(read_checkpoint(place / "old.ckpt"), place / "ours.safetensors", config=config)
        for form in ("whole.bin", "old.ckpt", "shards", "theirs.safetensors", "ours.safetensors"):
            found = load_language_model(place / form, config).model.state_dict()
            assert set(found) == set(state), f"{golden.name}: {form}"
            assert all(torch.equal(value, state[name]) for name, value in found.items()), f"{golden.name}: {form}"


def test_raw_files_of_fair_esm_are_the_hubs_model(shared_goldens: Path, tmp_path: Path) -> None:
    config = ESM2Config(num_layers=3, width=64, num_heads=4)
    raw = write_fair_esm(tmp_path, read_tensors(shared_goldens / "esm2" / "fair_tiny" / "weights.safetensors"))
    assert torch.equal(logits(raw, config), logits(shared_goldens / "esm2" / "hf_tiny", config))  # the same, renamed


def test_half_precision_files_become_float32(tmp_path: Path) -> None:
    tensors = {name: value.half() for name, value in fair_names().items()}
    save_file(tensors, tmp_path / "m.safetensors")
    model = load_language_model(tmp_path / "m.safetensors", TINY).model
    assert {value.dtype for value in model.state_dict().values()} == {torch.float32}
    assert torch.equal(model.embedding.token.weight, tensors["embed_tokens.weight"].float())


def test_the_file_may_go_once_it_is_read(tmp_path: Path) -> None:
    pickled = write_fair_esm(tmp_path, fair_names())
    model, before = load_language_model(pickled, TINY).model, logits(pickled)
    pickled.write_bytes(b"")
    with torch.no_grad():
        assert torch.equal(model(model.tokens(SEQUENCES), logits=True).logits, before)


def test_stored_frequencies_are_loaded(shared_goldens: Path) -> None:
    folder = shared_goldens / "esm2" / "hf_fp16_freq"
    found = load_language_model(folder, ESM2Config(num_layers=2, width=48, num_heads=4)).model
    frequency = found.state_dict()["transformer.frequency"]
    assert torch.equal(frequency, frequency.half().float())  # rounded to float16, as in the large files


FUSED = (
    (r"^(embed|transformer)\.", r"esmc.\1."),
    (r"\.layernorm_qkv\.0\.", ".layernorm_qkv.layer_norm_"),
    (r"\.layernorm_qkv\.1\.", ".layernorm_qkv."),
    (r"\.ffn\.0\.", ".ffn.layer_norm_"),
    (r"\.ffn\.1\.weight", ".ffn.fc1_weight"),
    (r"\.ffn\.3\.weight", ".ffn.fc2_weight"),
    (r"^sequence_head\.", "lm_head."),
)
"""From ESM C's own names to those of the hub's fused files."""


def test_fused_files_of_esm_c_are_the_same_model(shared_goldens: Path, tmp_path: Path) -> None:
    file = shared_goldens / "esmc" / "tiny" / "weights.safetensors"
    config = ESMCConfig(num_layers=3, width=64, num_heads=4)
    fused: dict[str, torch.Tensor] = {}
    for key, value in read_tensors(file).items():
        for before, after in FUSED:
            key = re.sub(before, after, key)
        fused[key] = value
    assert "esmc.transformer.blocks.2.ffn.fc1_weight" in fused
    fused["esmc.transformer.blocks.0.attn.out_proj._extra_state"] = torch.empty(0, dtype=torch.uint8)
    save_file(fused, tmp_path / "model.safetensors")
    one, other = (load_language_model(place, config).model.state_dict() for place in (file, tmp_path))
    assert all(torch.equal(value, other[name]) for name, value in one.items())


def test_a_wrong_note_of_prompts_is_refused(tmp_path: Path) -> None:
    state = TINY.build().state_dict()
    for text, message in (("seq", "no configuration of prompts"), ('{"names": ["seq"]}', r"prompts\.row\.<seq>")):
        save_file(state, tmp_path / "m.safetensors", metadata={"names": "protea", "prompts": text})
        with pytest.raises(InputError, match=message):
            load_language_model(tmp_path / "m.safetensors", TINY)
