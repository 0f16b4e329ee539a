"""Compiled loops of networks in continuous time, event by event."""
