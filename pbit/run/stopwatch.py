"""Where the time of a call went: ``info["timing"]``, in nanoseconds."""

from __future__ import annotations

import time

_STAGES = ("preprocessing_ns", "compile_ns", "sampling_ns", "postprocessing_ns")


class Stopwatch:
    """Marks the end of each stage of a call, in order.

    Examples
    --------
    >>> watch = Stopwatch()
    >>> for _ in range(3):
    ...     watch.mark()
    >>> list(watch.timing())
    ['preprocessing_ns', 'compile_ns', 'sampling_ns', 'postprocessing_ns']
    """

    def __init__(self) -> None:
        self._marks = [time.perf_counter_ns()]

    def mark(self) -> None:
        """A stage is over."""
        self._marks.append(time.perf_counter_ns())

    def timing(self) -> dict[str, int]:
        """Nanoseconds of each stage; the last ends now and is never nothing."""
        ends = [*self._marks[1:], time.perf_counter_ns()]
        spent = [end - start for start, end in zip(self._marks, ends, strict=True)]
        spent[-1] = max(1, spent[-1])
        return dict(zip(_STAGES, spent, strict=True))
