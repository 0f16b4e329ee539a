"""Problems: specification to model, spins to answer, answer checked."""
