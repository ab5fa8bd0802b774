"""Language models behind an OpenAI-compatible endpoint: prompts, requests, what is made of the answers."""
