"""What is measured of samplers and chips: laws, times to solution, sweeps of a parameter."""
