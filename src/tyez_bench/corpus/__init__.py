"""From the page to the gold: documents, passes, adjudication, loading."""
