"""Hooks: how this package talks to the world."""
