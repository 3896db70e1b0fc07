"""Recovery measures of results that fail their criterion."""
