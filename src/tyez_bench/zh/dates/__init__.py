"""Dates: from their words to TIMEX3 values."""
