"""How long and how cold: schedules of sweeps and ladders of replicas."""
