"""What our dimod samplers share: declared keywords, and polynomials of any degree."""

from __future__ import annotations

import inspect
from functools import cache
from typing import Any

import dimod

_OPTIONS = {
    "beta_schedule_type": "beta_schedule_options",
    "kernel": "kernels",
    "order": "orders",
}


@cache
def keywords_of(kind: type) -> dict[str, list[str]]:
    """Keywords of ``kind.sample``, each with the name of the property that lists its values."""
    names = list(inspect.signature(kind.sample).parameters)  # type: ignore[attr-defined]
    keywords = [name for name in names if name not in ("self", "bqm", "kwargs")]
    return {name: [_OPTIONS[name]] if name in _OPTIONS else [] for name in keywords}


class TakesPolynomials(dimod.PolySampler):  # type: ignore[misc]
    """A dimod sampler whose keywords stand in its ``sample``, which takes polynomials as well."""

    @property
    def parameters(self) -> dict[str, Any]:
        """Keywords of :meth:`sample`, as dimod wants them."""
        kind: Any = type(self)
        return dict(keywords_of(kind))

    def sample_poly(self, polynomial: dimod.BinaryPolynomial, **parameters: Any) -> dimod.SampleSet:
        """Samples of a polynomial of any degree; the keywords of ``sample``.

        The heat bath acts on the fields ``f_i = sum_{T with i} w_T prod_{j in T, j != i} m_j`` of
        the terms as they are: no auxiliary variables.

        Parameters
        ----------
        polynomial : dimod.BinaryPolynomial
            Spin or binary, any labels.

        Returns
        -------
        dimod.SampleSet

        Raises
        ------
        TypeError, ValueError
            An argument of the wrong type or out of range.

        References
        ----------
        Sejnowski, "Higher-order Boltzmann machines", AIP Conf. Proc. 151, 398 (1986).
        """
        if not isinstance(polynomial, dimod.BinaryPolynomial):
            raise TypeError(
                f"polynomial must be a dimod.BinaryPolynomial, got {type(polynomial).__name__}"
            )
        return self.sample(polynomial, **parameters)
