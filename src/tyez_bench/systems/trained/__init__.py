"""Systems that are trained on the gold, each document left out."""
