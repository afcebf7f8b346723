"""Word documents to paragraphs with marks."""
