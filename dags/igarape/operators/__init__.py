"""Operators: thin, over the hooks."""
