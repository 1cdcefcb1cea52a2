"""Leadferry: carries the contacts worth a call into Salesforce as leads."""

__version__ = "0.1.0"
