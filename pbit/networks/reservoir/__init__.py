"""Reservoirs: devices driven by a series, read out by regression, and what they can do."""
