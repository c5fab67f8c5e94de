"""The hours of a shoot as a coloured strip above the grid."""
