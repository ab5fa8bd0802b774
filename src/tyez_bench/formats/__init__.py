"""Formats: what systems write, turned into predictions of the model. One module a format."""
