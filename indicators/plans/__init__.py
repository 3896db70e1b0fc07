"""A whole plan as one file: reading and checking it, loading it, writing it back out."""
