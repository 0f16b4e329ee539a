"""Several ways to a low state that share what they find."""
