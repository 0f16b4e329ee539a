"""What ``pbit classify`` tells: classes row by row, and how often they are right."""

from __future__ import annotations

import csv
import io
from typing import Any

from pbit.cli.learning import kind_of
from pbit.versions import versions

_LABEL = 12
_WIDTH = 80
_CONFUSIONS = 5


def record_of(machine: Any, proba: Any, labels: Any, options: dict[str, Any]) -> dict[str, Any]:
    """Predictions as plain data; accuracy and confusions where there are labels."""
    best = proba.argmax(axis=1)
    found = machine.classes_[best]
    right = None if labels is None else found == labels
    return {
        "model": kind_of(machine),
        "file": options["machine"],
        "data": options["source"],
        "rows": len(found),
        "classes": machine.classes_.tolist(),
        "accuracy": None if right is None else float(right.mean()),
        "right": None if right is None else int(right.sum()),
        "predictions": found.tolist(),
        "probabilities": proba.max(axis=1).tolist(),
        "labels": None if labels is None else labels.tolist(),
        "versions": versions(),
    }


def text_of(record: dict[str, Any], output: object) -> str:
    """The record for people: counts of classes, accuracy, the commonest confusions."""
    found = record["predictions"]
    counts = [f"{name}: {found.count(name)}" for name in record["classes"]]
    rows = [
        ("rows", str(record["rows"])),
        ("accuracy", f"{record['accuracy']:.4f}, {record['right']} of {record['rows']} rows")
        if record["accuracy"] is not None
        else None,
        ("mistaken", _confusions(record)) if record["labels"] is not None else None,
        ("found", _short(", ".join(counts))),
        ("output", str(output)) if output else None,
    ]
    lines = [f"{row[0]:<{_LABEL}} {row[1]}" for row in rows if row is not None]
    hint = [] if output else ["(row by row: --output FILE or --json)"]
    return "\n".join([*lines, *hint])


def csv_of(record: dict[str, Any]) -> str:
    """A line for each row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    labels = record["labels"]
    writer.writerow(["class", "probability", *(["label"] if labels is not None else [])])
    for k, (name, proba) in enumerate(
        zip(record["predictions"], record["probabilities"], strict=True)
    ):
        writer.writerow([name, f"{proba:.6g}", *([labels[k]] if labels is not None else [])])
    return text.getvalue()


def _confusions(record: dict[str, Any]) -> str:
    """What is taken for what most often."""
    pairs = [
        pair for pair in zip(record["labels"], record["predictions"], strict=True)
        if pair[0] != pair[1]
    ]  # fmt: skip
    counts = sorted({pair: pairs.count(pair) for pair in set(pairs)}.items(), key=_commonest)
    told = [f"{label} for {found} ({count})" for (label, found), count in counts[:_CONFUSIONS]]
    return _short(", ".join(told)) or "none"


def _commonest(item: tuple[tuple[Any, Any], int]) -> tuple[int, str]:
    return -item[1], str(item[0])


def _short(text: str) -> str:
    most = _WIDTH - _LABEL - 1
    return text if len(text) <= most else f"{text[: most - 4]} ..."
