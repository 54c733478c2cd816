"""Long ways through the whole portal."""
