"""A registry as in a new process, with modules from another folder among those of its package."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pbit.registry import Registry


@contextmanager
def fresh(registry: Registry[Any], package: Any, *folders: Path) -> Iterator[None]:
    """Forget what was found and registered, look into the folders too; afterwards all is as before.

    Modules of the package itself stay imported.
    """
    before = dict(vars(registry))
    path, modules = list(package.__path__), set(sys.modules)
    vars(registry).update(_known={}, _looked_at=set())
    vars(registry).pop("_modules", None)
    package.__path__.extend(map(str, folders))
    try:
        yield
    finally:
        vars(registry).clear()
        vars(registry).update(before)
        package.__path__[:] = path
        for name in set(sys.modules) - modules:
            if name.startswith(f"{package.__name__}.") and _is_from(sys.modules[name], folders):
                del sys.modules[name]
                vars(package).pop(name.rpartition(".")[2], None)


def _is_from(module: Any, folders: tuple[Path, ...]) -> bool:
    file = getattr(module, "__file__", None)
    return file is not None and Path(file).parent in folders
