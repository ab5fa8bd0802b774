"""Views of a gold set: rows of tables, tags on tokens, spaCy documents, statistics."""
