"""Settings: `base` holds what never varies; `dev`, `test` and `production` each stand on it alone."""
