"""What the code may not do, whoever writes it."""
