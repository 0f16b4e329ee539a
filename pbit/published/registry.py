"""The published systems there are: a record in a module of this package, or a card beside it."""

from __future__ import annotations

from functools import cached_property
from importlib.resources import files
from pathlib import Path

from pbit.published.cards import SUFFIX, read_card
from pbit.published.experiment import Experiment
from pbit.registry import Registry


class Experiments(Registry[Experiment]):
    """Records in modules, and those that cards make of them.

    Examples
    --------
    >>> KNOWN.find("sabyasachi-2025").rows
    (25,)
    """

    @cached_property
    def _modules(self) -> list[str]:
        folder = Path(str(files(self._package)))
        cards = (path.name for path in folder.iterdir() if path.name.endswith(SUFFIX))
        return [*super()._modules, *sorted(cards)]

    def _look_at(self, module: str) -> None:
        if not module.endswith(SUFFIX):
            super()._look_at(module)
        elif module not in self._looked_at:
            self._looked_at.add(module)
            self._add(read_card(Path(str(files(self._package))) / module, self.find))


KNOWN = Experiments("pbit.published", Experiment)


def experiments() -> dict[str, Experiment]:
    """All published systems by their IDs, in the order of their rows.

    Examples
    --------
    >>> "jarollahi-2014" in experiments()
    True
    """
    return KNOWN.all()


def register(experiment: Experiment) -> Experiment:
    """The published system, which from now on is found like those of the package.

    Raises
    ------
    ValueError
        Another one has its ID.
    """
    return KNOWN.register(experiment)
