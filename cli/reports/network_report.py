"""What ``pbit network`` tells: lists, records, the table of claims, all in 80 columns."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pbit.cli.units import quantity

if TYPE_CHECKING:
    from pbit.cli.network_runs import Entry
    from pbit.published import Experiment, Measured

_WIDTH = 79
_LABEL = 12
_NAME = 26
_ELSEWHERE = "re-targeted"


def listing(experiments: Sequence[Experiment], data: Path | None) -> str:
    """The systems, four lines each."""
    return "\n".join(line for each in experiments for line in _listed(each, data))


def _listed(experiment: Experiment, data: Path | None) -> Iterator[str]:
    from pbit.published import state_of

    yield f"{experiment.id:<{_NAME}} rows {_rows(experiment)}"
    yield from _folded("  device", experiment.device)
    yield from _folded("  task", experiment.task)
    yield from _folded("  here", state_of(experiment, data))


def record_of(
    experiment: Experiment, results: Sequence[Measured], seeds: Sequence[int]
) -> dict[str, Any]:
    """What was measured as plain data; null where there is no number."""
    from pbit.published import summary_of

    found = summary_of(experiment, results)
    return {
        "id": experiment.id,
        "rows": list(experiment.rows),
        "claim": experiment.claim_value,
        "measured": _number(found.measured),
        "spread": _number(found.spread),
        "baseline": _number(found.baseline),
        "unit": experiment.unit,
        "seeds": list(seeds),
        "note": found.note,
    }


def text_of(
    experiment: Experiment, results: Sequence[Measured], seeds: Sequence[int], prices: str
) -> str:
    """One system in full."""
    from pbit.published import EVIDENCE, summary_of

    found = summary_of(experiment, results)
    lines = [f"{experiment.id}, rows {_rows(experiment)}"]
    lines += _folded("device", experiment.device)
    lines += _folded("task", experiment.task)
    lines += _folded("source", experiment.source)
    lines += _folded("claim", f"{experiment.claim} [{EVIDENCE[experiment.claim_tag]}]")
    lines += _folded("measures", f"{experiment.measures}, unit {experiment.unit}")
    lines += _folded("measured", _measured(found.measured, found.half_width, found.spread))
    lines += _folded("baseline", f"{found.baseline:.4g} ({experiment.baseline})")
    for bound in experiment.bounds:
        lines += _folded("must be", f"{bound}: {'no' if bound in found.missed else 'yes'}")
    lines += _details(results)
    lines += _energies(results, prices)
    lines += _folded("note", found.note)
    told = f"{seeds[0]}" if len(seeds) == 1 else f"{seeds[0]} to {seeds[-1]}"
    return "\n".join([*lines, *_folded("seeds", told)])


def table_of(entries: Sequence[Entry], left_out: Sequence[Experiment]) -> str:
    """Claim against measured, a line a system."""
    lines = [_line("system", "rows", "claim", "measured", "no device", "holds"), "-" * _WIDTH]
    lines += [_row(*entry) for entry in entries]
    lines += ["", *textwrap.wrap(_LEGEND, _WIDTH)]
    if left_out:
        lines += _folded("left out", ", ".join(each.id for each in left_out))
    return "\n".join(lines)


_LEGEND = (
    "claim and measured are of the same kind where they can be; pbit network run ID tells what. "
    "measured: mean over seeds, +- half its 95 % interval. * other data than the paper's. holds: "
    "what must come out does."
)


def _row(experiment: Experiment, results: Sequence[Measured], seeds: Sequence[int]) -> str:
    from pbit.published import summary_of

    found = summary_of(experiment, results)
    claim = "-" if experiment.claim_value is None else f"{experiment.claim_value:.4g}"
    star = "*" if _ELSEWHERE in found.note else " "
    holds = "-" if not experiment.bounds else "no" if found.missed else "yes"
    return _line(
        experiment.id,
        _rows(experiment),
        claim,
        _measured(found.measured, found.half_width, None) + star,
        f"{found.baseline:.4g}",
        holds,
    )


def _line(*cells: str) -> str:
    name, rows, claim, measured, baseline, holds = cells
    return f"{name:<{_NAME}}{rows:<6}{claim:>8}  {measured:>19} {baseline:>10} {holds:>6}"


def _rows(experiment: Experiment) -> str:
    return ",".join(map(str, experiment.rows))


def _measured(value: float, half: float | None, spread: float | None) -> str:
    """Value, interval and spread with as many digits as they have."""
    if not half:
        return f"{value:.4g}"
    decimals = min(6, max(0, 1 - math.floor(math.log10(half))))
    text = f"{value:.{decimals}f} +- {half:.{decimals}f}"
    return text if spread is None else f"{text} (95 %), spread over seeds {spread:.2g}"


def _details(results: Sequence[Measured]) -> Iterator[str]:
    """Means over seeds of all that was measured besides."""
    for k, name in enumerate(results[0].details):
        mean = sum(each.details[name] for each in results) / len(results)
        yield f"{'details' if k == 0 else '':<{_LABEL}}{name:<50} {mean:>12.4g}"


def _energies(results: Sequence[Measured], name: str) -> Iterator[str]:
    """Assumed prices times counts of operations."""
    from pbit.hardware.prices import PRICES

    counts, prices = results[-1].counts, PRICES[name]
    if not counts:
        return
    told = ", ".join(f"{value:.4g} {what}" for what, value in counts.items())
    yield from _folded("counts", told)
    if name == "none":
        return
    bill = prices.bill(**{"updates": 0.0, "reads": 0.0, "writes": 0.0, **counts})
    energy = quantity(bill["total_J"], "J")
    yield from _folded("energy", f"{energy}, assumed prices x counts ({prices.source})")


def _folded(label: str, text: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=f"{label:<{_LABEL}}",
        subsequent_indent=" " * _LABEL,
        break_long_words=False,
    )


def _number(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
