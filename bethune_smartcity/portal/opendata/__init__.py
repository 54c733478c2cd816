"""The portal's open data: what each file holds, and its lines. Everything here is public at the moment asked about."""

from .catalogue import DATASETS, FILES, Column, DataFile, Dataset

__all__ = ["DATASETS", "FILES", "Column", "DataFile", "Dataset"]
