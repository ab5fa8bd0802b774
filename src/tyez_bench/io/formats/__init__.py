"""Formats: what systems and tools write, turned into records. One module a format."""
