"""Building a post: what is wished for on the left, the slides on the right."""
