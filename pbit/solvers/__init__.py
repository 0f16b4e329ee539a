"""Samplers under an effort and a time limit, by name."""
