"""Gold sets side by side: agreement of passes, differences of versions."""
