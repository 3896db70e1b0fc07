"""The table of addresses, part by part; tests/access_matrix.py puts the parts together."""

from tests.matrix import accounts, closing, evidence, monthly, notices, people, recovery, reviews, schedule, workbooks

PARTS = (accounts, closing, evidence, monthly, notices, people, recovery, reviews, schedule, workbooks)
