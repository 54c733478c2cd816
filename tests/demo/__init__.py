"""The demonstration, as it comes out of its replay."""
