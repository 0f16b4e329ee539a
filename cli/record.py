"""The JSON record of a run: what ``--json`` and ``--output`` give and ``pbit check`` reads."""

from __future__ import annotations

import json
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pbit.by_value import ByValue
from pbit.cli.output import write_text

if TYPE_CHECKING:
    from pbit.formats import AnyContents
    from pbit.problems.core.evaluation import Evaluation
    from pbit.problems.core.problem import Problem
    from pbit.run.reads import Reads

SCHEMA = 1


@dataclass(frozen=True, eq=False)
class Run(ByValue):
    """What is not in the reads themselves."""

    solver: str
    ising_sign: str
    versions: dict[str, str]
    options: dict[str, Any]


def record_of(
    contents: AnyContents, problem: Problem, reads: Reads, found: Evaluation, run: Run
) -> dict[str, Any]:
    """Everything about the best answer, as plain data.

    Without a feasible answer ``feasible`` is false, ``objective`` and ``assignment`` are null, and
    ``violations`` says what the read of the lowest energy violates.
    """
    info = reads.info
    names = keys(problem.labels)
    answer = None if found.answer is None else found.answer.tolist()
    return {
        "schema": SCHEMA,
        "problem": problem.name,
        "file": contents.name,
        "format": contents.format,
        "ising_sign": run.ising_sign,
        "notes": list(contents.notes),
        "solver": run.solver,
        "energy": found.energy,
        "objective": found.objective,
        "objective_name": problem.objective_name,
        "feasible": answer is not None,
        "feasible_reads": found.feasible,
        "repaired_reads": found.repaired,
        "violations": found.violations,
        "num_variables": len(names),
        "seed": info["seed"],
        "num_reads": info["num_reads"],
        "num_sweeps": info["num_sweeps"],
        "rounds": info["rounds"],
        "beta_range": info.get("beta_range"),
        "rule": info.get("rule"),
        "kernel": info.get("kernel"),
        "order": info.get("order"),
        "law": info.get("law"),
        "hardware": info.get("hardware"),
        "broken_chains": info.get("broken_chains"),
        "chosen": info.get("chosen"),
        "chosen_because": info.get("chosen_because"),
        "tempering": _tempering(info),
        "motion": _motion(info),
        "portfolio": _portfolio(info),
        "stop_reason": info["stop_reason"],
        "updates": info["updates"],
        "timing": info["timing"],
        "versions": run.versions,
        "options": run.options,
        "assignment": None if answer is None else dict(zip(names, answer, strict=True)),
    }


_TEMPERING = (
    "betas",
    "num_replicas",
    "swap_rates",
    "flow",
    "round_trips",
    "ladder_sweeps",
    "restarts",
)


def _tempering(info: dict[str, Any]) -> dict[str, Any] | None:
    """The ladder of a tempering run and how replicas moved on it; no NaN, which JSON lacks."""
    if "swap_rates" not in info:
        return None
    chosen = {key: info[key] for key in _TEMPERING}
    for key in ("swap_rates", "flow"):
        chosen[key] = [value if value == value else None for value in chosen[key]]
    return chosen


_MOTION = (
    "form",
    "coupling",
    "second_harmonic_range",
    "noise_range",
    "time_step",
    "descent",
    "descent_flips",
)


def _motion(info: dict[str, Any]) -> dict[str, Any] | None:
    """How oscillators or particles moved, where spins are read from a motion."""
    return {key: info[key] for key in _MOTION if key in info} if "time_step" in info else None


def _portfolio(info: dict[str, Any]) -> dict[str, Any] | None:
    """Who spent how many seconds, and the lowest energy as they went by."""
    names = ("members", "lowest_by", "curve")
    return {key: info[key] for key in names} if "members" in info else None


def to_json(record: dict[str, Any]) -> str:
    """Text of a record, one field a line, the assignment on one line.

    JSON has neither infinity nor NaN: such numbers are null, and the field "not_finite" says which
    they were.
    """
    fields = [f"  {json.dumps(key)}: {_json(value)}" for key, value in finite(record).items()]
    return "{\n" + ",\n".join(fields) + "\n}"


def to_indented_json(record: dict[str, Any]) -> str:
    """The same, indented all the way down."""
    return json.dumps(finite(record), indent=2, allow_nan=False)


def _json(value: Any) -> str:
    return json.dumps(value, allow_nan=False)


def finite(record: dict[str, Any]) -> dict[str, Any]:
    """The record with null for what is no number in JSON, and a field that says what it was."""
    told: dict[str, str] = {}
    plain: dict[str, Any] = _finite(record, "", told)
    return plain | {"not_finite": told} if told else plain


def _finite(value: Any, path: str, told: dict[str, str]) -> Any:
    if isinstance(value, float) and not isfinite(value):
        told[path] = str(float(value))
        return None
    if isinstance(value, dict):
        dot = f"{path}." if path else ""
        return {key: _finite(part, f"{dot}{key}", told) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part, f"{path}[{k}]", told) for k, part in enumerate(value)]
    return value


def write_json(path: Path, record: dict[str, Any]) -> None:
    """Write a record to a file, whole or not at all."""
    write_text(path, to_json(record) + "\n")


def keys(labels: Sequence[Hashable]) -> list[str]:
    """Labels as distinct JSON keys: strings as they are, all else as JSON."""
    if isinstance(labels, range):
        return list(map(str, labels))
    plain = [label if isinstance(label, str) else json.dumps(label) for label in labels]
    if len(set(plain)) == len(plain):
        return plain
    return [json.dumps(label) for label in labels]


def answer_in(record: Any, labels: Sequence[Hashable]) -> list[int]:
    """Values of the variables in the order of ``labels``.

    Raises
    ------
    ValueError
        A record without an answer or an assignment, or with other variables.
    """
    if isinstance(record, dict) and record.get("feasible") is False:
        raise ValueError("the run found no feasible answer, so there is none to check")
    assignment = record.get("assignment") if isinstance(record, dict) else None
    if not isinstance(assignment, dict):
        raise ValueError("a result must be a JSON object with an 'assignment' object")
    names = keys(labels)
    missing = next((name for name in names if name not in assignment), None)
    if missing is not None:
        raise ValueError(f"the assignment has no value for variable {missing}")
    if len(assignment) != len(names):
        other = next(name for name in assignment if name not in set(names))
        raise ValueError(f"the assignment has a variable {other} that the problem has not")
    values = [assignment[name] for name in names]
    bad = next((v for v in values if type(v) is not int), None)
    if bad is not None:
        raise ValueError(f"values in the assignment must be integers, got {bad!r}")
    return values
