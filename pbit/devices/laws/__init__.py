"""Closed forms and numerical laws of single devices."""
