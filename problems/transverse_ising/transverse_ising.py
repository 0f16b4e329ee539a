"""The transverse-field Ising model, measured by p-bits in imaginary time."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray
from pbit.models.polynomial import AnyModel
from pbit.models.taking import energetic
from pbit.problems.transverse_ising.averages import QuantumAverages, autocorrelation
from pbit.problems.transverse_ising.replicated import ReplicatedModel, replicated
from pbit.problems.transverse_ising.trotter import replicas_for, trotter_error
from pbit.samplers.imaginary_time.quantities import (
    checked_beta,
    checked_gamma,
    checked_replicas,
    checked_sweeps,
)
from pbit.samplers.imaginary_time.worldlines import measure_worldlines

if TYPE_CHECKING:
    from pbit.hardware.parameters import Hardware
    from pbit.samplers.imaginary_time.series import ImaginaryTimeSeries

Method = Literal["auto", "worldlines", "slices", "p-bits"]
_METHODS = ("auto", "worldlines", "slices", "p-bits")


@dataclass(frozen=True, eq=False, init=False)
class TransverseIsing(ByValue):
    r"""A quantum Ising model in a transverse field.

    .. math:: H = -\sum_{i<j} J_{ij} \sigma^z_i \sigma^z_j - \sum_i h_i \sigma^z_i
              - \sum_i \Gamma_i \sigma^x_i

    in Pauli matrices, not spins of 1/2. J > 0 is ferromagnetic. Products of many
    :math:`\sigma^z` are taken too (:meth:`of`). There is no sign problem whatever J.

    Parameters
    ----------
    h : float array, shape (n,)
    J : symmetric matrix, shape (n, n)
        Dense or sparse, as for :class:`pbit.IsingModel`.
    gamma : float or float array of shape (n,)
        >= 0, of every site or of each; 0 makes it classical.

    Attributes
    ----------
    model : IsingModel or PolynomialModel
        The diagonal part.
    gamma : float or float64, shape (n,)

    Raises
    ------
    TypeError, ValueError
        As for :class:`pbit.IsingModel`; a gamma that is negative, not finite or of another shape.

    References
    ----------
    Suzuki, Prog. Theor. Phys. 56, 1454 (1976): slices; Rieger, Kawashima, Eur. Phys. J. B 9, 233
    (1999): continuous time.

    Examples
    --------
    >>> import numpy as np
    >>> pair = TransverseIsing([0.0, 0.0], [[0.0, 1.0], [1.0, 0.0]], gamma=1.0)
    >>> averages = pair.measure(beta=4.0, seed=1)
    >>> exact = -np.sqrt(5.0)  # of the ground state
    >>> bool(abs(averages.energy.value - exact) < 5 * averages.energy.error)
    True
    """

    model: AnyModel
    gamma: float | FloatArray

    def __init__(self, h: npt.ArrayLike, J: Any, gamma: npt.ArrayLike) -> None:
        self._set(IsingModel(h, J), gamma)  # type: ignore[arg-type]

    @classmethod
    def of(cls, model: AnyModel, gamma: npt.ArrayLike) -> TransverseIsing:
        """The model whose diagonal part is this one, BQMs and many-spin terms included.

        Raises
        ------
        TypeError, ValueError
        """
        made = cls.__new__(cls)
        made._set(energetic(model, to="measure"), gamma)
        return made

    def _set(self, model: AnyModel, gamma: npt.ArrayLike) -> None:
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "gamma", checked_gamma(gamma, model.num_spins))

    def __reduce__(self) -> tuple[Any, ...]:
        return TransverseIsing.of, (self.model, self.gamma)

    @property
    def num_spins(self) -> int:
        """Number n of sites."""
        return self.model.num_spins

    def replicated(self, beta: float, replicas: int) -> ReplicatedModel:
        """The classical network of R slices that every sampler, the compiler and a chip can run.

        Raises
        ------
        TypeError, ValueError
            beta or R out of range, or a site without a transverse field.
        """
        count = checked_replicas(replicas)
        if count is None:
            raise ArgumentError("replicas", "must be a whole number >= 1", replicas)
        return replicated(self.model, self.gamma, checked_beta(beta), count)

    def measure(
        self,
        beta: float,
        *,
        replicas: int | Literal["auto"] | None = "auto",
        trotter_error: float = 1e-3,
        method: Method = "auto",
        hardware: Hardware | str | os.PathLike[str] | None = None,
        **options: Any,
    ) -> QuantumAverages:
        """Averages at a temperature.

        Parameters
        ----------
        beta : float
            Inverse temperature > 0 in the units of J.
        replicas : int, "auto" or None
            Slices R of imaginary time; None: infinitely many. "auto": none with worldlines, else
            as many as leave an estimated error of ``trotter_error`` in the energy per spin, told in
            ``info``.
        trotter_error : float
        method : {"auto", "worldlines", "slices", "p-bits"}
            "worldlines": clusters in time (:func:`measure_worldlines`), exact without replicas.
            "slices": p-bits, bit-sliced, for small whole-number weights and one gamma. "p-bits":
            the replicated model on the project's ordinary kernels, or on a chip. "auto": "p-bits"
            with ``hardware``, else "worldlines".
        hardware : Hardware or name of a chip file, optional
            What this chip would measure, with its p-bits as they are.
        **options
            num_sweeps, burn_in, every, num_reads, pairs, seed, num_threads, first_read, control as
            of :func:`measure_worldlines`.

        Returns
        -------
        QuantumAverages

        Raises
        ------
        TypeError, ValueError, MemoryError
        """
        beta = checked_beta(beta)
        if method not in _METHODS:
            raise ArgumentError("method", f"must be one of {', '.join(_METHODS)}", method)
        if hardware is not None and method not in ("auto", "p-bits"):
            raise ArgumentError("method", "must be 'p-bits' on a chip", method)
        if method == "auto":
            method = "worldlines" if hardware is None else "p-bits"
        count, error = self._replicas(beta, replicas, trotter_error, method)
        if method == "worldlines":
            series = measure_worldlines(self.model, self.gamma, beta, replicas=count, **options)
        else:
            series = self._discrete(method, beta, count, options | {"hardware": hardware})
        info = series.info | {
            "method": method,
            "beta": beta,
            "replicas": count,
            "trotter_error": error,
            "autocorrelation": autocorrelation(series, series.info["every"]),
        }
        return QuantumAverages(series, info)

    def _replicas(
        self, beta: float, replicas: Any, error: float, method: Method
    ) -> tuple[int | None, float]:
        if replicas == "auto":
            if method == "worldlines":
                return None, 0.0
            return replicas_for(self.model, self.gamma, beta, error)
        count = checked_replicas(replicas)
        if count is None:
            if method != "worldlines":
                remedy = "give a number of slices, or leave it to 'auto'"
                raise ArgumentError(
                    "replicas", f"must be finite with {method}", replicas, remedy=remedy
                )
            return None, 0.0
        return count, trotter_error(self.model, self.gamma, beta, count)

    def _discrete(
        self, method: Method, beta: float, replicas: int | None, options: dict[str, Any]
    ) -> ImaginaryTimeSeries:
        assert replicas is not None
        if method == "p-bits":
            from pbit.problems.transverse_ising.networks import measure_network

            return measure_network(self.model, self.gamma, beta, replicas, **options)
        from pbit.samplers.imaginary_time.slice_measure import measure_slices

        options.pop("hardware")
        sweeps, burn = checked_sweeps(options.pop("num_sweeps", 1000), options.pop("burn_in", None))
        options = {"num_reads": 16, "num_sweeps": sweeps, "burn_in": burn} | options
        gamma: Any = self.gamma  # one for all sites, or refused there
        return measure_slices(self.model, gamma, beta, replicas=replicas, **options)
