"""Deciding on many photos one after the other: photos that look alike, and the review queue."""
