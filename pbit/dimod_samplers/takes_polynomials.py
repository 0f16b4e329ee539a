"""What our dimod samplers share: polynomials of any degree go the way of quadratic models."""

from __future__ import annotations

from typing import Any

import dimod


class TakesPolynomials(dimod.PolySampler):  # type: ignore[misc]
    """A dimod sampler whose ``sample`` takes polynomials as well."""

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
