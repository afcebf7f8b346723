"""Passages in, hits out: embeds passages, counts their words, stores both, and searches them."""
