"""Exit statuses that several commands share."""

INTERRUPTED = 130
