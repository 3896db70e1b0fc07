"""The entry page of one round: boxes, lines, panel, conflict."""
