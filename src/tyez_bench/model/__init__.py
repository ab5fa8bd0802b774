"""The data: documents, entities, predictions, values, labels and errors. Knows no file and no format."""
