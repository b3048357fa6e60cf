"""Second names lead to first names; other keys stay."""

from protea.encoders.weights.key_maps import KEY_MAPS


def test_schnet_filter_has_two_names() -> None:
    first_name = KEY_MAPS["schnet"].first_name
    assert first_name("interactions.11.conv.nn.2.bias") == "interactions.11.mlp.2.bias"
    assert first_name("interactions.0.conv.lin1.weight") == "interactions.0.conv.lin1.weight"


def test_constants_of_e3nn_are_ignored_and_nothing_else() -> None:
    is_ignored = KEY_MAPS["tfn"].is_ignored
    assert is_ignored("convs.1.tp._compiled_main_left_right._w3j_1_1_2")
    assert is_ignored("convs.0.tp.output_mask")
    assert is_ignored("convs.0.gate.mul.weight")
    assert not is_ignored("convs.0.fc.0.weight")
    assert not is_ignored("convs.0.batch_norm.weight")
