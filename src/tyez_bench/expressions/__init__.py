"""Amounts of money and dates read from their words: numerals, values, and where they stand in a text."""
