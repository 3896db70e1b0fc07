"""Files and links on a result, and the thread of comments."""
