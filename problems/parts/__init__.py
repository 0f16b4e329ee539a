"""What problems are put together from: sums of bits, clauses, rows, repairs."""
