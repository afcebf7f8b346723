"""Written answers: a language model phrases, every sentence is bound to quotes that are checked and cut here."""
