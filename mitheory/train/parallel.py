"""Several processes that train one network together, each on its share of every batch.

In a process alone every function here is the plain operation on its own rows.

Gradients. Every process computes the same loss of the whole batch. The gradient of `total` sums
what flows back in all processes, so each process holds the gradient of W equal losses, W the
number of processes, with respect to its own rows. DistributedDataParallel averages the parameters'
gradients over the processes, and the W cancels: the average is the gradient of the one loss.
"""

from __future__ import annotations

import atexit
import gc
import os
from typing import Any

import torch
from torch import Tensor, distributed, nn

from mitheory import check

if distributed.is_available():
    # Its functions keep the group that exists when they are imported, which DistributedDataParallel
    # does late: a group that they keep outlives `leave`, and its threads abort the interpreter's
    # end every now and then. Imported here, before any group exists, they keep none.
    import torch.distributed.nn.functional


def size() -> int:
    """How many processes train together; 1 without a process group."""
    together = distributed.is_available() and distributed.is_initialized()
    return distributed.get_world_size() if together else 1


def rank() -> int:
    """The number of this process among them, from 0."""
    return distributed.get_rank() if size() > 1 else 0


def total(x: Tensor) -> Tensor:
    """The elementwise sum of the processes' tensors of one shape, with its gradient."""
    return _Total.apply(x) if size() > 1 else x


def greatest(x: Tensor) -> Tensor:
    """The elementwise maximum of the processes' tensors of one shape, without a gradient."""
    x = x.detach()
    if size() > 1:
        x = x.clone()
        distributed.all_reduce(x, distributed.ReduceOp.MAX)
    return x


def count(rows: Tensor) -> int:
    """The number of rows that the processes hold together."""
    return len(rows) if size() == 1 else int(total(torch.tensor(len(rows), device=rows.device)))


class _Total(torch.autograd.Function):
    """The sum over the processes; torch's own differentiable one is deprecated."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        x = x.clone(memory_format=torch.contiguous_format)
        distributed.all_reduce(x)
        return x

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        return _Total.apply(gradients[0])


def place(device: str) -> torch.device:
    """The device for "auto", "cpu" or "cuda"; under torchrun each process has its own GPU."""
    check.one_of(device, ("auto", "cpu", "cuda"), "device")
    available = torch.cuda.is_available()
    if device == "cuda" and not available:
        raise ValueError("device must be 'cpu' or 'auto' where torch finds no GPU; got 'cuda'")
    if device == "cpu" or not available:
        return torch.device("cpu")
    return torch.device("cuda", int(os.environ.get("LOCAL_RANK", torch.cuda.current_device())))


def join(device: torch.device) -> None:
    """Join the process group that torchrun announces, if it launched this process.

    The group is left when the process ends: torchrun's meeting point serves one group.
    """
    if not distributed.is_available() or distributed.is_initialized():
        return
    if distributed.is_torchelastic_launched():
        if device.type == "cuda":
            torch.cuda.set_device(device)
        distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
        atexit.register(leave)


def leave() -> None:
    """Leave the process group and end its threads; networks replicated on it must be gone."""
    gc.collect()  # a replica refers to itself and to the group
    distributed.destroy_process_group()


def replicate(network: nn.Module, device: torch.device) -> nn.Module:
    """A network whose gradients are averaged over the processes, on the same parameters."""
    if size() == 1:
        return network
    if device.type == "cuda":  # changes the layers in place and keeps their parameters
        network = nn.SyncBatchNorm.convert_sync_batchnorm(network)
    return nn.parallel.DistributedDataParallel(
        network, device_ids=[device] if device.type == "cuda" else None
    )


def agree(network: nn.Module) -> None:
    """Give every process the buffers of the first, such as running means."""
    if size() > 1:
        for buffer in network.buffers():
            distributed.broadcast(buffer, 0)
