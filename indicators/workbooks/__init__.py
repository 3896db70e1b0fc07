"""The Excel round trip: a workbook of what a unit owes, and reading it back."""
