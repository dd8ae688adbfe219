"""Classification codes of budget subjects, by year."""

from .catalogue import (
    FIRST_YEAR,
    LATEST_YEAR,
    Catalogue,
    CatalogueError,
    Subject,
    load_catalogue,
    read_subjects,
)

__all__ = [
    "FIRST_YEAR",
    "LATEST_YEAR",
    "Catalogue",
    "CatalogueError",
    "Subject",
    "load_catalogue",
    "read_subjects",
]
