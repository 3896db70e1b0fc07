"""What the system tells people: notices, digests by mail, silent owners."""
