"""The leaderboard: predictions with a description of the system, and the tables that are made of them."""
