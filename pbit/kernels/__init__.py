"""Compiled loops on plain arrays; nothing above this layer is imported here."""
