"""The published dataset: its tables, its statistics, its Croissant file, and loading it with ``datasets``."""
