"""Second names lead to first names; other keys stay."""

from protea.encoders.weights.key_maps import KEY_MAPS


def test_schnet_filter_has_two_names() -> None:
    first_name = KEY_MAPS["schnet"].first_name
    assert first_name("interactions.11.conv.nn.2.bias") == "interactions.11.mlp.2.bias"
    assert first_name("interactions.0.conv.lin1.weight") == "interactions.0.conv.lin1.weight"
