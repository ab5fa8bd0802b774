"""A gold set as rows, tokens with tags, spaCy documents, and files of other tools."""
