"""The project: settings, addresses, navigation context, number and status template tags."""
