"""How and when a p-bit decides: its dynamics, its clock, its barrier."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from pbit.hardware.draws import Trait, device_normals, spread
from pbit.hardware.group import ParameterGroup
from pbit.hardware.ranges import ranged
from pbit.models.labels import FloatArray

DEFAULT_TAU_S = 1e-9
TIMES = ("tau_s", "correlation_time_s", "dwell_time_s")  # each says what the others are
_MOST_TICKS = 1e6  # of a sweep


class TimesAtRest(NamedTuple):
    """Mean dwell time of either state and correlation time of a p-bit without input."""

    dwell_s: float
    correlation_s: float


@dataclass(frozen=True, kw_only=True)
class Dynamics(ParameterGroup):
    r"""When a p-bit decides, and the rates at which it does.

    Parameters
    ----------
    dynamics : {"heat-bath", "arrhenius", "telegraph"}
        "heat-bath": redrawn at rate ``1/tau_i``. "arrhenius": flips at rate
        ``exp(-m_i x_i) / tau_i``, the superparamagnetic junction driven by its input. "telegraph":
        ``m_i = sgn(tanh(x_i) - r_i)`` at every moment; the junction's ``r_i`` is redrawn at rate
        ``1/tau_i`` and persists in between while the input moves the threshold. Reads from
        ``initial_spins`` begin with an ``r_i`` that gives the spin, evenly on its side of
        ``tanh(x_i)``; a spin that no ``r_i`` gives is left at once.
    clock : {"poisson", "periodic", "chromatic", "ticks"}
        "poisson": no clock, exponential waiting times. Heat bath only: "periodic": each p-bit every
        ``tau_i`` from a random phase on; "chromatic": colour after colour, all within ``tau_s``.
        "ticks": an approximation, all p-bits in parallel every ``tick_s``: a heat bath redraws with
        probability ``1 - exp(-tick_s/tau_i)`` (random-subset ticks), Arrhenius stays with
        ``exp(-tick_s exp(-m_i x_i)/tau_i)`` (PPSL).
    tau_s : float
        Median time constant: one over the rate of redraws, or
        at zero input of flips ("arrhenius"): a p-bit at rest keeps its state for a mean dwell time
        of ``2 tau_s``, or ``tau_s``, and forgets it as ``exp(-t / t_c)`` with the correlation time
        ``t_c`` of ``tau_s``, or ``tau_s / 2``; :attr:`times_at_rest` has both. A dwell time is two
        correlation times whatever the dynamics.
    correlation_time_s, dwell_time_s : float, optional
        In place of ``tau_s``, which follows. Clocks other than "poisson" and "ticks" know no
        exponential, hence no correlation time.
    tau_spread : float
        Standard deviation of ``ln tau_i``.
    tick_s : float, optional
    barrier : float, optional
        Energy barrier in kT of an Arrhenius junction: its rates end at the attempt frequency
        ``exp(barrier)/tau_i``. None: without end.
    barrier_exponent : float
        1: rates ``exp(-m x)/tau``; 2, which needs ``barrier``: barriers ``Delta (1 + m i)^2`` with
        ``x = 2 Delta i``, the same law, slower under a strong input.
    """

    dynamics: Literal["heat-bath", "arrhenius", "telegraph"] = ranged(
        "heat-bath",
        "heat-bath: redrawn; arrhenius: junction; telegraph: threshold that persists.",
        choices=("heat-bath", "arrhenius", "telegraph"),
    )
    clock: Literal["poisson", "periodic", "chromatic", "ticks"] = ranged(
        "poisson",
        "poisson: none; periodic, chromatic, ticks: see pbit.Hardware.",
        choices=("poisson", "periodic", "chromatic", "ticks"),
    )
    tau_s: float = ranged(
        DEFAULT_TAU_S,
        "Median time constant of a p-bit; a sweep lasts so long.",
        low=1e-15,
        high=1e9,
        unit="s",
        tabled=True,
    )
    correlation_time_s: float | None = ranged(
        None,
        "In place of tau: correlation time at rest, tau, of arrhenius tau / 2.",
        low=1e-15,
        high=5e8,
        unit="s",
        optional=True,
    )
    dwell_time_s: float | None = ranged(
        None,
        "In place of tau: mean dwell time at rest, 2 tau, of arrhenius tau.",
        low=2e-15,
        high=1e9,
        unit="s",
        optional=True,
    )
    tau_spread: float = ranged(0.0, "Standard deviation of ln tau.", low=0.0, high=3.0)
    tick_s: float | None = ranged(
        None,
        "With clock ticks alone: time between two ticks.",
        low=0.0,
        open_low=True,
        unit="s",
        optional=True,
    )
    barrier: float | None = ranged(
        None,
        "Of an Arrhenius junction, in kT: its rates end there. Not given: no end.",
        low=0.0,
        open_low=True,
        high=100.0,
        optional=True,
    )
    barrier_exponent: float = ranged(
        1.0, "2, with a barrier: barriers go as (1 + current) squared.", low=1.0, high=2.0
    )

    def __post_init__(self) -> None:
        given = [name for name in TIMES[1:] if getattr(self, name) is not None]
        if given:
            self._follow(given)
        super().__post_init__()

    def _follow(self, given: list[str]) -> None:
        """Set tau_s from the other time that is given; none is given beside it."""
        check = type(self).__dataclass_fields__[given[0]].metadata["check"]
        value = check(given[0], getattr(self, given[0]))
        tau_s = value * taus_in(given[0], self.dynamics)
        told = self.tau_s is not DEFAULT_TAU_S and self.tau_s != tau_s  # a copy has both
        if len(given) > 1 or told:
            names = " and ".join(["tau_s"] * told + given)
            raise ValueError(f"{names} exclude each other: give one of {', '.join(TIMES)}")
        object.__setattr__(self, "tau_s", tau_s)

    @property
    def times_at_rest(self) -> TimesAtRest:
        """What the time constant is to a p-bit without input.

        Examples
        --------
        >>> Dynamics(dynamics="arrhenius", correlation_time_s=4e-9).times_at_rest
        TimesAtRest(dwell_s=8e-09, correlation_s=4e-09)
        >>> Dynamics(dynamics="telegraph", correlation_time_s=4e-9).times_at_rest
        TimesAtRest(dwell_s=8e-09, correlation_s=4e-09)
        """
        return TimesAtRest(
            self.tau_s / taus_in("dwell_time_s", self.dynamics),
            self.tau_s / taus_in("correlation_time_s", self.dynamics),
        )

    @property
    def has_rates(self) -> bool:
        """Whether p-bits flip at rates that follow their inputs, with nothing that asks them to."""
        return self.dynamics == "arrhenius" and self.clock == "poisson"

    def _contradictions(self) -> Iterator[str]:
        yield from _of_clock_and_dynamics(self)
        yield from _of_clock_and_times(self)
        yield from _of_barrier(self)


def taus_in(name: str, dynamics: str) -> float:
    """What one of :data:`TIMES` is multiplied by to give tau."""
    dwell = 1.0 if dynamics == "arrhenius" else 0.5
    return {"tau_s": 1.0, "dwell_time_s": dwell, "correlation_time_s": 2 * dwell}[name]


def time_constants(dynamics: Dynamics, num_devices: int, *, seed: int) -> FloatArray:
    """Time constants of devices 0 to n - 1.

    Parameters
    ----------
    dynamics : Dynamics
    num_devices : int
        n.
    seed : int
        Of the fabrication.

    Returns
    -------
    float64, shape (n,)
        In units of ``tau_s``.

    Examples
    --------
    >>> time_constants(Dynamics(tau_s=2e-9), 3, seed=1).tolist()
    [1.0, 1.0, 1.0]
    """
    return spread(1.0, dynamics.tau_spread, device_normals(Trait.TAU, num_devices, seed=seed))


def _of_clock_and_dynamics(given: Dynamics) -> Iterator[str]:
    if given.clock in ("periodic", "chromatic") and given.dynamics != "heat-bath":
        yield f"clock {given.clock!r} needs dynamics 'heat-bath', got {given.dynamics!r}"
    if given.clock == "ticks" and given.dynamics == "telegraph":
        yield "clock 'ticks' needs dynamics 'heat-bath' or 'arrhenius', got 'telegraph'"


def _of_clock_and_times(given: Dynamics) -> Iterator[str]:
    if (given.clock == "ticks") != (given.tick_s is not None):
        got = f"got {given.tick_s} with clock {given.clock!r}"
        yield f"tick_s must be given with clock 'ticks' and with no other, {got}"
    if given.tick_s is not None and given.tick_s * _MOST_TICKS < given.tau_s:
        yield f"tick_s must be >= tau_s / {_MOST_TICKS:g}, got {given.tick_s}"
    if given.clock in ("periodic", "chromatic") and given.correlation_time_s is not None:
        yield (
            f"correlation_time_s must be left out with clock {given.clock!r}, which redraws at "
            "regular intervals; give tau_s, the interval"
        )
    if given.clock == "chromatic" and given.tau_spread > 0:
        yield f"tau_spread must be 0 with clock 'chromatic', got {given.tau_spread}"


def _of_barrier(given: Dynamics) -> Iterator[str]:
    if given.dynamics != "arrhenius" and (given.barrier is not None or given.barrier_exponent != 1):
        got = f"got dynamics {given.dynamics!r}"
        yield f"barrier and barrier_exponent need dynamics 'arrhenius', {got}"
    if given.barrier_exponent != 1 and given.barrier is None:
        yield f"barrier_exponent {given.barrier_exponent} needs a barrier"
