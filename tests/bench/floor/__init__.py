"""A bare Django project with no middleware that does the same jobs as the portal's pages, and nothing else."""
