"""Views of indicators: thin; they fetch through rules, write through actions, and render."""
