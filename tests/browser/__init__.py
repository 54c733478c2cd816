"""What is seen through a real browser."""
