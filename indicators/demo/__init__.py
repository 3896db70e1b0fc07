"""A demo year: invented people and results for the real plan, marked as demo, made by a seeded generator."""
