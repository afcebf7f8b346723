"""PDF to printed lines: drawing instructions to letters, letters to lines, lines to what their look says."""
