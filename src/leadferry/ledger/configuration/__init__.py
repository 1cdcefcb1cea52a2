"""Configuration as code: a TOML file made true, and written back.

read (file, environment) -> wanted (scopes) -> checking -> changes -> saving -> effects
"""

from leadferry.ledger.configuration.applying import apply
from leadferry.ledger.configuration.changes import Change, Changes
from leadferry.ledger.configuration.editing import Overtaken, Proposal, edit, propose, seen
from leadferry.ledger.configuration.exporting import UnknownSite, export
from leadferry.ledger.configuration.problems import ConfigurationError, Problem

__all__ = [
    "Change",
    "Changes",
    "ConfigurationError",
    "Overtaken",
    "Problem",
    "Proposal",
    "UnknownSite",
    "apply",
    "edit",
    "export",
    "propose",
    "seen",
]
