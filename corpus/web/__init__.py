"""Web pages and Markdown to paragraphs with marks."""
