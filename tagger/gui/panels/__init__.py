"""What stands around the grid: classes, folders, search, jobs, welcome."""
