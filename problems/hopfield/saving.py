"""A fitted memory as arrays and settings, for files."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.problems.hopfield.pair_memory import PairMemory
from pbit.problems.hopfield.storage import Memory, PairRule, rule_named
from pbit.problems.hopfield.values import Values

VERSION = 1
_TYPES = {np.dtype(code).name for code in "?bBhHiIlLqQefd"}
_PARAMETERS = (
    "rule",
    "degree",
    "dynamics",
    "beta",
    "hot_beta",
    "num_sweeps",
    "threshold",
    "random_state",
    "n_jobs",
)


def arrays_of(memory: Any) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
    """Of a fitted :class:`pbit.problems.hopfield.estimator.HopfieldMemory`: "patterns" int8 (P, n)
    and, of pairs, "couplings" float64 (n, n). An infinite beta is written as "inf", a random state
    that is no whole number left out."""
    arrays = {"patterns": memory.memory_.patterns}
    if isinstance(memory.memory_, PairMemory):
        arrays["couplings"] = memory.memory_.model.J.toarray()
    parameters = {name: _plain(getattr(memory, name)) for name in _PARAMETERS}
    values = dict(memory.values_._asdict())
    return arrays, {"version": VERSION, "parameters": parameters, "values": values}


def memory_from(
    arrays: dict[str, npt.NDArray[Any]], settings: dict[str, Any]
) -> tuple[Memory, dict[str, Any], Values]:
    """The memory, the estimator's parameters and the patterns' values.

    Raises
    ------
    ValueError
        Another version; settings or arrays that are missing or do not fit.
    """
    if settings.get("version") != VERSION:
        raise ArgumentError("settings", f"must have version {VERSION}", settings.get("version"))
    try:
        parameters = {name: settings["parameters"][name] for name in _PARAMETERS}
        values = Values(**settings["values"])
        patterns = np.asarray(arrays["patterns"])
    except (KeyError, TypeError) as error:
        raise ArgumentError("settings", "must be those of to_arrays()", got=f"{error}") from None
    if parameters["beta"] == "inf":
        parameters["beta"] = math.inf
    _check_values(values)
    rule = rule_named(parameters["rule"])
    if patterns.ndim != 2 or not patterns.size or not np.isin(patterns, (-1, 1)).all():
        raise ArgumentError(
            "patterns", "must be rows of -1 and +1", got=f"an array of shape {patterns.shape}"
        )
    patterns = np.ascontiguousarray(patterns, np.int8)
    if not isinstance(rule, PairRule):
        return rule.store(patterns, degree=parameters["degree"]), parameters, values
    n = patterns.shape[1]
    J = np.asarray(arrays.get("couplings", ()), dtype=np.float64)
    if J.shape != (n, n):
        raise ArgumentError("couplings", f"must have shape ({n}, {n})", J.shape)
    return PairMemory(patterns, J), parameters, values


def _check_values(values: Values) -> None:
    good = isinstance(values.low, Real) and isinstance(values.high, Real)
    if not good or not values.low < values.high or values.dtype not in _TYPES:
        raise ArgumentError("values", "must be two numbers and a type of numbers", values)


def _plain(value: Any) -> Any:
    """A parameter as JSON has it."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and math.isinf(value):
        return "inf"
    return value if isinstance(value, str | int | float | bool) else None
