"""Log-in with a second factor, forgotten passwords."""
