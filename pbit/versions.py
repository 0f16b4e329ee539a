"""Versions that a result depends on."""

from __future__ import annotations

import platform
from importlib import metadata

_CORE = {"pbit": "pbit-emulator", "numpy": "numpy", "numba": "numba"}
# dwave-neal 0.6 is a shim over dwave-samplers: neither says alone what the baseline is.
_NEAL = {"dwave-neal": "dwave-neal", "dwave-samplers": "dwave-samplers", "dimod": "dimod"}


def versions(*, neal: bool = False) -> dict[str, str]:
    """Installed versions by name, with those of the baseline where it takes part."""
    wanted = _CORE | (_NEAL if neal else {})
    found = {"python": platform.python_version()}
    for name, distribution in wanted.items():
        try:
            found[name] = metadata.version(distribution)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found
