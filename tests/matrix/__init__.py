"""The table of addresses, part by part; tests/access_matrix.py puts the parts together."""

from tests.matrix import (
    accounts,
    closing,
    entry,
    evidence,
    monthly,
    notices,
    people,
    recovery,
    reviews,
    schedule,
    workbooks,
)

PARTS = (accounts, closing, entry, evidence, monthly, notices, people, recovery, reviews, schedule, workbooks)
