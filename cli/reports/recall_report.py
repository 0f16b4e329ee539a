"""What ``pbit recall`` tells: which pattern each probe recalls, and how nearly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pbit.cli.learning import in_values
from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.problems.learning import DataSet

_MOST = 20


def record_of(memory: Any, data: DataSet, recalled: Any, options: dict[str, Any]) -> dict[str, Any]:
    """Overlaps, from -1 to 1, of probes before and after with the pattern nearest after."""
    after = memory.overlap(recalled)
    nearest = after.argmax(axis=1)
    before = memory.overlap(in_values(memory, data.spins))
    rows = range(len(nearest))
    return {
        "file": options["machine"],
        "probes": data.source,
        "rule": memory.rule,
        "patterns": int(after.shape[1]),
        "nearest": nearest.tolist(),
        "overlap_before": before[rows, nearest].tolist() if data.known is None else None,
        "overlap": after[rows, nearest].tolist(),
        "beta": float(memory.beta),
        "dynamics": memory.dynamics,
        "num_sweeps": memory.num_sweeps,
        "seed": options["seed"],
        "versions": versions(),
    }


def table_of(record: dict[str, Any]) -> str:
    """Probe by probe, and all of them."""
    overlaps, before = record["overlap"], record["overlap_before"]
    exact = sum(overlap == 1 for overlap in overlaps)
    lines = ["probe  pattern  overlap  before"]
    for k, overlap in enumerate(overlaps[:_MOST]):
        was = "-" if before is None else f"{before[k]:.3f}"
        lines.append(f"{k:>5}  {record['nearest'][k]:>7}  {overlap:>7.3f}  {was:>6}")
    if len(overlaps) > _MOST:
        lines.append(f"({len(overlaps) - _MOST} more: --json)")
    mean = sum(overlaps) / len(overlaps)
    summary = f"{exact} of {len(overlaps)} probes recall one of {record['patterns']} patterns"
    return "\n".join([*lines, f"{summary} exactly; mean overlap {mean:.4f}"])
