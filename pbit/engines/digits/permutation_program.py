"""What programs of permutations have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any, ClassVar

from pbit.engines.digits.family import IntArray, ValueArray
from pbit.engines.digits.starts import start_permutations
from pbit.engines.digits.temperatures import even_ladder
from pbit.models.labels import FloatArray


class PermutationProgram(ABC):
    """A model whose states are permutations in the kernel's form; ``kept``: the record of the
    arrays that are kept for each replica."""

    kept: ClassVar[Any]

    def __init__(self, model: Any, record: Any) -> None:
        self.model, self.record = model, record

    @property
    def updates(self) -> int:
        """As many moves are tried in a sweep as there are digits."""
        return int(self.model.num_digits)

    @property
    def size(self) -> float:
        """Of energies."""
        return float(self.model.size)

    def works(self, replicas: int) -> Any:
        """Kept arrays of so many replicas."""
        return self.kept.of(self.record, replicas)

    def random(self, reads: IntArray, *, seed: int) -> ValueArray:
        """Permutations, all as likely: int16 (reads, n)."""
        return start_permutations(reads, self.updates, seed=seed)

    @property
    @abstractmethod
    def beta_range(self) -> tuple[float, float]:
        """Hot and cold end."""

    @cached_property
    def usual_betas(self) -> FloatArray:
        """A ladder between these ends."""
        return even_ladder(self.beta_range, self.updates)
