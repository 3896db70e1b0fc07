"""The grid: many results of one round typed in one table, or read from a file."""
