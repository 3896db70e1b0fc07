"""Closed periods to read and to print: the frozen figures, what was waived, what changed between revisions."""
