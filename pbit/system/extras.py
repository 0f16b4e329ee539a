"""What comes with the extra "learn", imported when it is needed."""

from __future__ import annotations

import importlib
from types import ModuleType

INSTALL = "pip install 'pbit-emulator[learn]'"


def imported(module: str, *, what: str, package: str) -> ModuleType:
    """The module of a package that comes with the extra "learn".

    Raises
    ------
    ImportError
        It is not installed.

    Examples
    --------
    >>> imported("math", what="roots need", package="python").sqrt(4)
    2.0
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(f"{what} {package}: {INSTALL}") from error
