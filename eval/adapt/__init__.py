"""Adapts the bundled model to Dutch questions about reports: `python -m eval.adapt`."""
