"""French as the portal writes it."""
