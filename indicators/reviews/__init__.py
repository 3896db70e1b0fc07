"""The review pages: lists, one result beside what it is compared with, decisions."""
