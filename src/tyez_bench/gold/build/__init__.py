"""From the page to the gold: documents, the notation of the passes, adjudication."""
