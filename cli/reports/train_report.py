"""What ``pbit train`` tells of a training: a record for JSON, a table for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.cli.training import Course, Examples, Outcome

_LABEL = 18
_TOLD = {"accuracy": ".4f", "overlap": ".4f", "pseudo_likelihood": ".2f"}


def header(task: Course) -> str:
    """What is trained, told before it."""
    software = ", ".join(f"{name} {version}" for name, version in versions().items())
    labels = "" if task.rows.labels is None else " with labels"
    count, width = task.rows.bits.shape
    return (
        f"{task.rows.source}: {count} rows of {width} columns{labels}\n"
        f"model {task.kind}, seed {task.machine.random_state}; {software}"
    )


def record_of(task: Course, outcome: Outcome) -> dict[str, Any]:
    """The training as plain data."""
    machine, rows = outcome.machine, task.rows
    history = getattr(machine, "history_", [])
    learns = hasattr(machine, "epochs")
    return {
        "model": task.kind,
        "file": rows.source,
        "rows": len(rows.bits),
        "columns": int(rows.bits.shape[1]),
        "classes": [] if rows.labels is None else machine.classes_.tolist(),
        "hidden": len(machine.get_feature_names_out()) if learns else 0,
        "epochs": machine.n_iter_ if learns else 0,
        "seconds": outcome.seconds,
        "pseudo_likelihood": history[-1]["pseudo_likelihood"] if history else None,
        "training": _score(task, rows, outcome.scores.get("training")),
        "test": None if task.test is None else _score(task, task.test, outcome.scores.get("test")),
        "history": history,
        "seed": task.machine.random_state,
        "stop_reason": "interrupted" if outcome.stopped else "completed",
        "versions": versions(),
    }


def _score(task: Course, rows: Examples, score: float | None) -> dict[str, Any] | None:
    """A score under its name: accuracy, mean pseudo-log-likelihood of a row, or overlap."""
    if score is None:
        return None
    name = "overlap" if not hasattr(task.machine, "epochs") else "pseudo_likelihood"
    if rows.labels is not None and task.rows.labels is not None:
        name = "accuracy"
    count = len(rows.bits) if rows is task.test else min(len(rows.bits), task.most_scored)
    return {"file": rows.source, "rows": count, name: score}


def text_of(record: dict[str, Any], output: object) -> str:
    """The record for people."""
    classes, hidden = record["classes"], record["hidden"]
    stopped = record["stop_reason"] == "interrupted"
    kept = "; interrupted, this is the machine after the last whole one" if stopped else ""
    rows = [
        ("model", f"{record['model']}{f', {hidden} hidden p-bits' if hidden else ''}"),
        ("rows", f"{record['rows']} of {record['columns']} columns"),
        ("classes", str(len(classes))) if classes else None,
        ("epochs", f"{record['epochs']}{kept}") if record["epochs"] else None,
        ("time", f"{record['seconds']:.2f} s"),
        ("pseudo-likelihood", f"{record['pseudo_likelihood']:.2f} nats a row, labels included")
        if record["pseudo_likelihood"] is not None
        else None,
        _told("", record["training"]),
        _told("test ", record["test"]),
        ("seed", str(record["seed"])),
        ("output", str(output)),
    ]
    return "\n".join(f"{row[0]:<{_LABEL}} {row[1]}" for row in rows if row is not None)


def _told(what: str, score: dict[str, Any] | None) -> tuple[str, str] | None:
    if score is None:
        return None
    name = next(name for name in _TOLD if name in score)
    where = "test rows" if what else "training rows"
    where = "patterns" if name == "overlap" and not what else where
    value = f"{score[name]:{_TOLD[name]}}"
    label = f"{what}{name}" if name != "pseudo_likelihood" else f"{what}PL"
    return label, f"{value}, of {score['rows']} {where}"
