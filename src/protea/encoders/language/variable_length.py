"""Attention over packed sequences in one call on a GPU, in half precision: FlashAttention for variable lengths.

The result for a sequence does not depend on its neighbours: keys are never split among thread blocks by the longest
sequence of the pack. Older versions of torch have no such switch; there a jagged tensor leads to the same kernel.
"""

import inspect
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

__all__ = ["jagged_attention", "takes_variable_lengths", "variable_length_attention"]

_MODULE = "torch.nn.attention.varlen"


def takes_variable_lengths(query: Float[Tensor, "token head dim"]) -> bool:
    """Return whether the kernel takes these values: half precision on CUDA, rows of whole 16 bytes."""
    is_half = query.dtype in (torch.float16, torch.bfloat16)
    return query.is_cuda and is_half and query.shape[2] % 8 == 0 and query.shape[2] <= 256


def variable_length_attention(
    query: Float[Tensor, "token head dim"], key: Float[Tensor, "key head dim"], value: Float[Tensor, "key head dim"],
    token_ptr: Int[Tensor, " sequence_plus_1"], longest: int, scale: float, num_more: int = 0,
) -> Float[Tensor, "token head dim"]:  # fmt: skip
    """Return what each token gathers in its own sequence of at most `longest` tokens.

    The keys of each sequence are as many as its tokens, and `num_more`.
    """
    kernel = _kernel()
    if kernel is None:
        return jagged_attention(query, key, value, token_ptr, longest, scale, num_more)
    ptr, key_ptr = token_ptr.to(torch.int32), _key_ptr(token_ptr, num_more).to(torch.int32)
    return kernel(query, key, value, ptr, key_ptr, longest, longest + num_more, scale=scale, num_splits=1)


def jagged_attention(
    query: Float[Tensor, "token head dim"], key: Float[Tensor, "key head dim"], value: Float[Tensor, "key head dim"],
    token_ptr: Int[Tensor, " sequence_plus_1"], longest: int, scale: float, num_more: int = 0,
) -> Float[Tensor, "token head dim"]:  # fmt: skip
    """Return the same by way of a jagged tensor."""
    key_ptr = _key_ptr(token_ptr, num_more)
    jagged_query, jagged_key, jagged_value = (
        torch.nested.nested_tensor_from_jagged(part, ptr, max_seqlen=most).transpose(1, 2)
        for part, ptr, most in (
            (query, token_ptr, longest), (key, key_ptr, longest + num_more), (value, key_ptr, longest + num_more),
        )
    )  # fmt: skip
    return scaled_dot_product_attention(jagged_query, jagged_key, jagged_value, scale=scale).transpose(1, 2).values()


def _key_ptr(token_ptr: Int[Tensor, " sequence_plus_1"], num_more: int) -> Int[Tensor, " sequence_plus_1"]:
    """Return the first key of each sequence."""
    if num_more == 0:
        return token_ptr
    return token_ptr + num_more * torch.arange(len(token_ptr), device=token_ptr.device)


@cache
def _kernel() -> Callable[..., Tensor] | None:
    if find_spec(_MODULE) is None:
        return None
    kernel = import_module(_MODULE).varlen_attn
    return kernel if "num_splits" in inspect.signature(kernel).parameters else None
