"""Samplers: each takes a model and a schedule and returns reads."""
