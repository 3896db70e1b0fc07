"""The rules of the template linter, one module for each part of a template; lint.py calls them."""
