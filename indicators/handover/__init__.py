"""Who stands in for a head, and the hand-over of a unit's role from one person to another."""
