"""Digits of fixed counts: :class:`pbit.models.digits.counted.CountedModel`."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from pbit.engines.digits.family import DigitFamily, IntArray, ValueArray
from pbit.engines.digits.sites import SiteProgram
from pbit.engines.digits.starts import start_permutations
from pbit.kernels.digits.counted import CountedSites
from pbit.kernels.digits.sites import SiteWork
from pbit.models.digits.counted import CountedModel
from pbit.models.labels import FloatArray


class CountedProgram:
    """A :class:`CountedModel` in the kernel's form, that of its sites."""

    usual_betas: FloatArray | None = None

    def __init__(self, model: CountedModel) -> None:
        self.model = model
        self._sites = SiteProgram(model.model)
        self.record = CountedSites(self._sites.record)

    @property
    def law(self) -> str:
        """The space: these counts."""
        return f"Boltzmann over all values with counts {self.model.histogram.tolist()}"

    @property
    def updates(self) -> int:
        """As many exchanges are tried as there are digits."""
        return self.model.num_digits

    @property
    def size(self) -> float:
        """That of the model."""
        return self._sites.size

    @cached_property
    def beta_range(self) -> tuple[float, float]:
        """That of the model without counts: an exchange costs what two changes of a value do."""
        return self._sites.beta_range

    def works(self, replicas: int) -> SiteWork:
        """Kept arrays of so many replicas."""
        return self._sites.works(replicas)

    def random(self, reads: IntArray, *, seed: int) -> ValueArray:
        """States of these counts, all as likely: int16 (reads, n)."""
        sizes = self.model.histogram
        order = start_permutations(reads, self.model.num_digits, seed=seed)
        return np.repeat(np.arange(sizes.size), sizes).astype(np.int16)[order]


FAMILY = DigitFamily(
    name="CountedModel",
    takes=lambda model: isinstance(model, CountedModel),
    compile=CountedProgram,
)
