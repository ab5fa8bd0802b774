"""The published dataset: its tables, its card, its Croissant file, and loading it with Hugging Face's ``datasets``."""
