"""The random stream and numbers drawn from it."""
