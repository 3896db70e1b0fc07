"""Administering people and their roles inside one hospital, deputies and hand-over."""
