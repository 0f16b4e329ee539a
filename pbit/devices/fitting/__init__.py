"""From measurements to devices, and what a measurement would show."""
