"""Files and streams: what is read and how much of it, JSON Lines, writing whole files, git."""
