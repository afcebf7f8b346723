"""Question in, answer out: retrieves passages, quotes the sentences that answer, or refuses with a reason."""
