"""What ``pbit logic`` prints and writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.problems.logic.circuits.histograms import Histogram
    from pbit.problems.logic.circuits.inverse import LogicProblem
    from pbit.problems.logic.circuits.running import LogicResult

_WIDTH = 80
_NOT_RELAXED = 1e-4


def record_of_search(result: LogicResult, options: dict[str, Any]) -> dict[str, Any]:
    """The result of a search for JSON; numbers beyond 2**53 are strings of digits."""
    return {
        **_common(options),
        "solutions": [
            {name: _safe(value) for name, value in values.items()} for values in result.solutions
        ],
        "counts": result.counts,
        "histogram": None,
        "reason": result.reason,
        "message": result.message,
        "p_bits": result.p_bits,
        "couplings": result.couplings,
        "reads": result.reads,
        "sweeps": result.sweeps,
        "seconds": result.seconds,
        "seed": result.seed,
    }


def record_of_histogram(
    problem: LogicProblem, table: Histogram, options: dict[str, Any]
) -> dict[str, Any]:
    """A histogram for JSON."""
    from pbit.problems.logic.circuits.running import num_terms

    timing = table.info["timing"]
    unknown = [None] * len(table.values)
    exact = unknown if table.exact is None else table.exact.tolist()
    consistent = unknown if table.consistent is None else table.consistent.tolist()
    return {
        **_common(options),
        "solutions": [],
        "histogram": {
            "names": table.names,
            "rows": [
                {"values": list(map(_safe, values)), "count": count, "exact": p, "consistent": good}
                for values, count, p, good in zip(
                    table.values,
                    table.counts.tolist(),
                    exact,
                    consistent,
                    strict=True,
                )
            ],
            "p_value": table.p_value,
        },
        "reason": table.info["stop_reason"],
        "p_bits": problem.model.num_spins,
        "couplings": num_terms(problem.model),
        "reads": int(table.counts.sum()),
        "seconds": timing["sampling_ns"] / 1e9,
        "seed": table.info["seed"],
    }


def search_text(result: LogicResult, widths: dict[str, int], options: dict[str, Any]) -> str:
    """Table of the solutions, or why there is none."""
    if not result.solutions:
        return {
            "unsatisfiable": f"none: {result.message}",
            "time_limit": f"none found in {options['time_limit_s']:g} s",
            "interrupted": "interrupted, none found",
        }.get(result.reason, f"none found in {result.reads} reads")
    rows = [
        [*(shown(values[name], widths[name], options["base"]) for name in widths), str(count)]
        for values, count in zip(result.solutions, result.counts, strict=True)
    ]
    return _table([*widths, "reads"], rows, options["rows"])


def histogram_text(table: Histogram, widths: dict[str, int], options: dict[str, Any]) -> str:
    """Table of the values, the likeliest first."""
    total = max(1, int(table.counts.sum()))
    weights = table.counts / total if table.exact is None else table.exact
    rows = []
    for k in sorted(range(len(weights)), key=lambda k: -weights[k]):
        values = zip(table.values[k], widths.items(), strict=True)
        exact = "-" if table.exact is None else f"{table.exact[k]:.4f}"
        rows.append(
            [
                *(shown(value, width, options["base"]) for value, (_, width) in values),
                f"{table.counts[k] / total:.4f}",
                exact,
                "?" if table.consistent is None else "yes" if table.consistent[k] else "",
            ]
        )
    text = _table([*widths, "sampled", "exact", "possible"], rows, options["rows"])
    if table.p_value is not None:
        text += f"\nchi-square of {total} reads under the exact law: p = {table.p_value:.3g}"
        if table.p_value < _NOT_RELAXED:
            text += "; the reads have not relaxed: more --sweeps, or a lower --beta"
    elif table.exact is None:
        text += "\nno exact law: the network is too large for it"
    return text


def shown(value: int, width: int, base: str) -> str:
    """A number as digits; a bit is a bit in any base."""
    if base == "bin" or width == 1:
        return f"{int(value):0{width}b}"
    return str(value) if base == "dec" else f"0x{int(value):x}"


def _table(heads: list[str], rows: list[list[str]], most: int) -> str:
    widths = [max(map(len, column)) for column in zip(heads, *rows[:most], strict=True)]
    if sum(widths) + 2 * len(widths) > _WIDTH:  # one name a line rather than lines that wrap
        blocks = []
        for row in rows[:most]:
            pairs = zip(heads, row, strict=True)
            blocks.append("\n".join(f"{head:<12} {value}" for head, value in pairs))
        text = "\n\n".join(blocks)
    else:
        lines = [heads, *rows[:most]]
        text = "\n".join(
            "  ".join(cell.rjust(w) for cell, w in zip(line, widths, strict=True)).rstrip()
            for line in lines
        )
    left = len(rows) - most
    return text + (f"\n... and {left} more: --rows {len(rows)} or --json" if left > 0 else "")


def _safe(value: int) -> int | str:
    return int(value) if abs(value) < 2**53 else str(value)


def _common(options: dict[str, Any]) -> dict[str, Any]:
    source = options["file"] or list(options["expressions"])
    return {"circuit": source, "clamp": list(options["clamp"]), "versions": versions()}
