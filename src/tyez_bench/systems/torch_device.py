"""torch's device by name."""

from typing import Any

from tyez_bench.errors import UsageError, first_line
from tyez_bench.systems.quiet import unwarned


def torch_device(name: str) -> Any:
    """The device, after trying it. Raises UsageError for one that does not exist or can't be used."""
    with unwarned():
        import torch

    try:
        device = torch.device(name)
        torch.zeros(1, device=device).item()
    # Whatever the libraries below say of a device that is not there.
    except Exception as error:
        raise UsageError(f"device {name!r}: torch can't use it: {first_line(error)}") from None
    return device
