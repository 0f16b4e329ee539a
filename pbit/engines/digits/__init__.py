"""Families of digit models: what each compiles to, and how its states begin."""
