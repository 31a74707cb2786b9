"""Assent, a live decision room."""
