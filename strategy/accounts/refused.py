"""Why something about a person or an account is not done."""


class Refused(Exception):
    """A sentence for the page: what is wrong, and what to do."""
