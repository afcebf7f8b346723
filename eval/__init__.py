"""Answers in, numbers out: measures answers against gold questions."""
