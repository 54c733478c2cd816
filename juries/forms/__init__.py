"""What jurors and their organisers type, checked for shape."""
