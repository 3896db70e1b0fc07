"""The month page: all rounds of a unit that end in one month, as one grid; and drafts that save themselves."""
