"""Annealing schedules: which inverse temperature each sweep runs at."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from numbers import Real
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, floats, instance, integer, real
from pbit.models.labels import FloatArray
from pbit.models.polynomial import AnyModel, PolynomialModel
from pbit.models.taking import energetic

DEFAULT_NUM_SWEEPS = 1000
_LEAST_GAP = 0.2


@dataclass(frozen=True, eq=False)
class Schedule(ByValue):
    """Inverse temperatures of a run, in order.

    Parameters
    ----------
    betas : float64, shape (num_betas,) or (num_betas, num_reads)
        Inverse temperatures >= 0, for all reads or a column for each; infinity means zero
        temperature.
    sweeps_per_beta : int
        Sweeps run at each of them.
    kind : str
        How it came about, for ``info["beta_schedule_type"]``.
    others : mapping of names to float64, shape (num_betas,)
        Columns beside "beta", such as "gamma" of a transverse field; a sampler that couples
        replicas reads them, the p-bits themselves see the betas alone.

    Raises
    ------
    ValueError
        A negative or NaN beta, ``sweeps_per_beta`` < 1, a column of another length, or of numbers
        that are not finite.

    Examples
    --------
    >>> Schedule.geometric(0.1, 10.0, num_betas=3).betas.round(3).tolist()
    [0.1, 1.0, 10.0]
    >>> quantum = Schedule([1.0, 1.0]).with_columns(gamma=[2.0, 0.5])
    >>> quantum.names, quantum["gamma"].tolist()
    (('beta', 'gamma'), [2.0, 0.5])
    """

    betas: FloatArray
    sweeps_per_beta: int = 1
    kind: str = "custom"
    others: Mapping[str, FloatArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        betas = np.array(floats("betas", self.betas), ndmin=1)
        if betas.ndim > 2:
            raise ArgumentError(
                "betas",
                "must be one number a sweep, or one column a read",
                got=f"shape {betas.shape}",
            )
        if not betas.min(initial=np.inf) >= 0:  # NaN neither
            bad = np.flatnonzero(~(betas >= 0))
            raise ArgumentError(
                "betas", "must be >= 0", got=f"{betas.flat[bad[0]]} at position {bad[0]}"
            )
        integer("sweeps_per_beta", self.sweeps_per_beta, 1)
        instance("others", self.others, Mapping, remedy="use with_columns(gamma=[...])")
        others = {name: _column(name, values, len(betas)) for name, values in self.others.items()}
        object.__setattr__(self, "betas", betas)
        object.__setattr__(self, "others", MappingProxyType(others))

    def __reduce__(self) -> tuple[Any, ...]:
        return Schedule, (self.betas, self.sweeps_per_beta, self.kind, dict(self.others))

    def with_columns(self, **columns: npt.ArrayLike) -> Schedule:
        """The same schedule with further columns, or others in the place of those there are.

        Raises
        ------
        ValueError
            A column of another length or of numbers that are not finite, or one named "beta".
        """
        others: dict[str, Any] = {**self.others, **columns}
        return replace(self, others=others)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, "beta" first."""
        return ("beta", *self.others)

    def __getitem__(self, name: str) -> FloatArray:
        """A column by name: one number a step, or a row of betas.

        Raises
        ------
        KeyError
            No such column.
        """
        if name not in self.names:
            raise KeyError(
                f"schedule has the columns {', '.join(self.names)}, not {name!r}; add it by "
                f"with_columns({name}=...)"
            )
        return self.betas if name == "beta" else self.others[name]

    @classmethod
    def geometric(
        cls, hot: float, cold: float, *, num_betas: int, sweeps_per_beta: int = 1
    ) -> Schedule:
        """Betas in geometric progression from ``hot`` to ``cold`` (one beta: the cold end)."""
        if not (0 < hot < np.inf and 0 < cold < np.inf):
            raise ValueError(
                f"a geometric schedule needs 0 < beta < infinity, got {hot} and {cold}; "
                "use a linear or custom schedule to start from beta = 0"
            )
        return cls(_geometric(hot, cold, num_betas), sweeps_per_beta, "geometric")

    @classmethod
    def linear(
        cls, hot: float, cold: float, *, num_betas: int, sweeps_per_beta: int = 1
    ) -> Schedule:
        """Betas equally spaced from ``hot`` to ``cold`` (one beta: the cold end)."""
        betas = np.linspace(hot, cold, num_betas) if num_betas != 1 else np.array([cold])
        return cls(betas, sweeps_per_beta, "linear")

    @classmethod
    def constant(cls, beta: float, *, num_sweeps: int) -> Schedule:
        """So many sweeps at one beta."""
        if not isinstance(beta, Real) or isinstance(beta, bool) or not beta >= 0:
            remedy = "a list of betas is a schedule, the second argument"
            raise ArgumentError("beta", "must be a number >= 0", beta, remedy=remedy)
        return cls(np.full(num_sweeps, float(beta)), kind="constant")

    @property
    def num_sweeps(self) -> int:
        """Sweeps of one read."""
        return len(self.betas) * self.sweeps_per_beta

    @property
    def ends(self) -> list[float]:
        """Hottest beta of the first step and coldest of the last one; nothing without steps."""
        betas = self.betas
        if not betas.size:
            return []
        if betas.ndim == 1:
            return [float(betas[0]), float(betas[-1])]
        return [float(betas[0].min()), float(betas[-1].max())]

    @property
    def columns(self) -> FloatArray:
        """Betas of shape (num_betas, 1 or num_reads)."""
        return self.betas if self.betas.ndim == 2 else self.betas[:, None]


def schedule_from(value: Any, *, name: str = "schedule") -> Schedule:
    """The schedule, or the one of a list of betas.

    Raises
    ------
    TypeError
        Anything else.

    Examples
    --------
    >>> schedule_from([0.1, 1.0, 2.0]).num_sweeps
    3
    """
    if isinstance(value, Schedule):
        return value
    numbers = value if isinstance(value, np.ndarray | list | tuple | range) else None
    if numbers is not None and np.asarray(numbers).dtype.kind in "iuf":
        return Schedule(np.asarray(numbers, dtype=np.float64))
    remedy = "Schedule.geometric(hot, cold, num_betas=sweeps) goes through a range of them"
    if isinstance(value, Real) and not isinstance(value, bool):
        remedy = (
            "Schedule([beta] * sweeps) stays at one; anneal takes num_sweeps= and beta= as well"
        )
    raise TypeError(f"{name} must be a Schedule or a list of betas, got {value!r:.60}; {remedy}")


def hot_and_cold(beta_range: Any) -> tuple[float, float]:
    """The two ends of a range of betas, the hot one first; swapped ones are put right.

    Raises
    ------
    ValueError
        Not two numbers.

    Warns
    -----
    UserWarning
        The cold end came first.
    """
    try:
        hot, cold = (float(beta) for beta in beta_range)
    except (TypeError, ValueError):
        raise ArgumentError("beta_range", "must be two numbers", beta_range) from None
    if hot > cold:
        warnings.warn(
            f"beta_range ({hot:g}, {cold:g}) has its cold end first and was turned round: small "
            "betas are hot; Schedule or beta_schedule heat up, if that is meant",
            UserWarning,
            stacklevel=3,
        )
        return cold, hot
    return hot, cold


def _column(name: str, values: npt.ArrayLike, count: int) -> FloatArray:
    column = np.array(values, dtype=np.float64)
    if name == "beta":
        raise ValueError("betas must be given as such, got a further column 'beta'")
    if column.shape != (count,):
        raise ValueError(
            f"column {name} must have one number a step, {count} in all, got shape {column.shape}"
        )
    bad = np.flatnonzero(~np.isfinite(column))
    if bad.size:
        raise ValueError(f"column {name} must be finite, got {column[bad[0]]} at step {bad[0]}")
    return column


def _geometric(hot: float, cold: float, num_betas: int) -> FloatArray:
    """The numbers of ``np.geomspace``, without its cases; one beta is the cold end."""
    first, last = np.log10(hot), np.log10(cold)
    step = (last - first) / max(num_betas - 1, 1)
    betas = 10.0 ** (np.arange(num_betas) * step + first)
    betas[:1], betas[-1:] = hot, cold
    return np.asarray(betas)


def default_schedule(
    model: AnyModel,
    *,
    num_sweeps: int = DEFAULT_NUM_SWEEPS,
    beta_range: Sequence[float] | None = None,
) -> Schedule:
    """Geometric schedule over ``beta_range``, by default :func:`default_beta_range`."""
    hot, cold = default_beta_range(model) if beta_range is None else hot_and_cold(beta_range)
    return Schedule.geometric(hot, cold, num_betas=integer("num_sweeps", num_sweeps, 0))


def default_beta_range(model: AnyModel, *, excitation: float = 0.01) -> tuple[float, float]:
    r"""Hot and cold inverse temperature for annealing; scaling the model by c divides both by c.

    Hot: the spin with the widest fields, ``w = max_i sqrt(h_i^2 + sum_j J_ij^2)``, still flips
    against a field w with probability 1/4: ``beta_hot = ln 3 / (2 w)``.

    Cold: with ``g_i`` the smallest nonzero |bias or coupling| of spin i and
    ``e_i = max(g_i, w_i / 5)``, the energy left in single-spin excitations is a fraction
    ``excitation`` of one mean gap: ``sum_i g_i exp(-2 beta e_i) = excitation * mean(g)``. A
    coupling that is tiny next to the others hardly moves it, and neither do couplings that are
    real numbers, of which the smallest says nothing about the fields that occur: these are spread
    over w_i.

    In a higher-order model the terms of a spin take the place of its couplings.

    Parameters
    ----------
    model : IsingModel or PolynomialModel
    excitation : float
        0 < excitation < 1.

    Returns
    -------
    (float, float)
        0 < hot < cold; (0.1, 1.0) for a model without any bias or coupling.
    """
    from pbit.kernels.graphs import rows

    model = energetic(model, to="anneal")
    excitation = real("excitation", excitation)
    starts, weights = _by_site(model)
    scratch = np.empty(model.num_spins), np.empty(model.num_spins)
    hot, cold = rows.beta_ends(model.h, starts, weights, excitation, _LEAST_GAP, *scratch)
    return (float(hot), float(cold)) if hot else (0.1, 1.0)


def _by_site(model: AnyModel) -> tuple[Any, Any]:
    """Where each spin's couplings or terms begin, and their weights."""
    if isinstance(model, PolynomialModel):
        incidence = model.incidence()
        return incidence.site_ptr, incidence.weights
    return model.J.indptr.astype(np.int64), model.J.data
