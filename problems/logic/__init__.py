"""Invertible logic: gates, circuits and the multiplier as p-bit networks."""
