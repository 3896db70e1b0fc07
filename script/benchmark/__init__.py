"""Benchmarks: each prints what it measured beside its floor, never a verdict."""
