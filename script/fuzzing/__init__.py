"""Random texts and numbers for the readers of the scoring core: only its own errors, in bounded time and memory."""
