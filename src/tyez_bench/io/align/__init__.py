"""From the records of a file to spans in the documents of a gold set."""
