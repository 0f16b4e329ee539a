"""What tempering runs ask of a model in the form of a kernel: spins and digits have their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from pbit.models.labels import FloatArray
from pbit.schedules.ladder import Ladder

if TYPE_CHECKING:
    from pbit.samplers.tempering.replicas import Replicas


class LadderProgram(Protocol):
    """A model compiled once, shared by all runs on it. ``num_spins`` may be one of digits."""

    @property
    def model(self) -> Any:
        """The model, with an ``offset`` and energies."""
        ...

    @property
    def num_spins(self) -> int:
        """Length of a state."""
        ...

    @property
    def size(self) -> float:
        """Sum of absolute energies."""
        ...

    @property
    def updates(self) -> int:
        """Updates in a sweep of one replica."""
        ...

    @property
    def kernel(self) -> str:
        """Name of the kernel."""
        ...

    @property
    def rule(self) -> str:
        """Name of the rule."""
        ...

    @property
    def law(self) -> str:
        """What is sampled."""
        ...

    @property
    def most_slots(self) -> int:
        """Slots of a ladder that the kernel takes."""
        ...

    @property
    def usual_slots(self) -> int:
        """Slots of a ladder that the kernel likes."""
        ...

    @property
    def dtype(self) -> Any:
        """Of states."""
        ...

    def start(
        self, ladder: Ladder, replicas: int, *, seed: int, read: int, room: int = 0
    ) -> Replicas:
        """A run from random states."""
        ...

    def reads(
        self, states: Any, energies: FloatArray, info: dict[str, Any], ladder: Ladder, last: Any
    ) -> Any:
        """What a call returns: the lowest state of each run, and the last ones or None."""
        ...
