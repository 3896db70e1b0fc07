"""The linter's findings about a plan: its sheets, the page, decisions, and what a correction would change."""
