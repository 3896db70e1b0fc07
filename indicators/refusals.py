"""What an action raises when it must not happen."""


class NotAllowed(Exception):
    """The rules, the calendar or the person's role forbid it. The message is a sentence for the page."""
