"""xlbudget: official budget-disclosure workbooks that audit themselves."""

__version__ = "0.1.0"
