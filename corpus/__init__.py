"""Text in, passages out: reads a report, finds its structure, and cuts it into passages that point into the source."""
