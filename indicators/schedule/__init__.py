"""The calendar of rounds: days, holidays, extensions, cancelled indicators."""
