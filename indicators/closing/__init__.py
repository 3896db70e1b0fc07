"""Closing a period: what is missing, waivers, the frozen snapshot, its print."""
