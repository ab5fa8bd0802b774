"""What Chinese text says, whoever asks: numerals, amounts of money, dates, administrative areas."""
