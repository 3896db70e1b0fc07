"""What is raised for a file that cannot be evidence."""


class Refused(Exception):
    """The message is what follows the file's name in a sentence: what is wrong and what to do."""
