"""What people do in a real browser, against a live server with the real plan."""
