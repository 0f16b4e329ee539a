"""The table of a time to solution, 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbit.measure.tts.durations import interval_text, seconds_text

if TYPE_CHECKING:
    from pbit.measure.tts.time_to_solution import TimeToSolution

_MOST_ROWS = 20


def lines_of(result: TimeToSolution) -> list[str]:
    """Lines of the table: the median, each number of sweeps, the instances."""
    num = len(result.instances)
    many = f", median over {num} instances" if num > 1 else ""
    lines = [
        f"{result.sampler}: time to {100 * result.probability:g} % success{many}",
        f"{seconds_text(result.tts.value)}  ({100 * result.tts.confidence:g} %: "
        f"{interval_text(result.tts)}), solved {result.solved} of {num}",
        f"by {result.measured_by}, {result.clock} clock, {result.cores:.2f} cores, "
        f"seed {result.seed}" + _stopped(result),
    ]
    if len(result.lengths) > 1:
        lines += ["", *_length_lines(result)]
    return [*lines, "", *_instance_lines(result)]


def _stopped(result: TimeToSolution) -> str:
    return "" if result.stop_reason == "completed" else f"; ended by {result.stop_reason}"


def _length_lines(result: TimeToSolution) -> list[str]:
    lines = ["    sweeps        read   success   solved   median time  interval"]
    for each in result.lengths:
        mark = "*" if each.num_sweeps in result.num_sweeps else " "
        lines.append(
            f"{each.num_sweeps:>9} {mark} {seconds_text(each.read_s):>10} {each.success:>8.2%} "
            f"{each.solved:>8} {seconds_text(each.tts.value):>13}  {interval_text(each.tts)}"
        )
    if result.num_sweeps:
        lines.append("* chosen on one half of the reads, reported from the other")
    if result.num_sweeps and result.at_edge:
        lines.append("  the first or the last of them: more or fewer might be better")
    return lines


def _instance_lines(result: TimeToSolution) -> list[str]:
    lines = ["instance        target      best         hits      time  interval"]
    for each in result.instances[:_MOST_ROWS]:
        lines.append(
            f"{_short(each.name, 12):<12} {each.target:>9.7g} {each.best_energy:>9.7g} "
            f"{f'{each.hits}/{each.reads}':>12} {seconds_text(each.tts.value):>9}  "
            f"{interval_text(each.tts)}"
        )
    if len(result.instances) > _MOST_ROWS:
        lines.append(f"and {len(result.instances) - _MOST_ROWS} more")
    below = sum(each.beaten for each in result.instances)
    if below:
        lines.append(f"{below} with energies below the target: it was not the lowest")
    return lines


def _short(name: str, width: int) -> str:
    return name if len(name) <= width else name[: width - 2] + ".."
