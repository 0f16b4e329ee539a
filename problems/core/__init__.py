"""What all problems share: the protocol, files, evaluation, compiled networks."""
