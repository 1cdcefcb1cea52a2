"""A pretend Salesforce organization that speaks HTTP.

It knows nothing of the rest of Leadferry: state in `org`, Lead's fields in `lead` and `schema`, a row's way
in `rows`, failures on demand in `faults`, the wire in `app`, `routes` and `sign_in`. What it does not do it
refuses.
"""

from leadferry.simulator.app import create_app
from leadferry.simulator.errors import CannotServe
from leadferry.simulator.in_process import InProcess
from leadferry.simulator.org import Org
from leadferry.simulator.server import running, serve

__all__ = ["CannotServe", "InProcess", "Org", "create_app", "running", "serve"]
