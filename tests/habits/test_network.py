"""Tests reach this machine only."""

import socket

import pytest

from tests.loopback import BeyondLoopbackError


def test_another_machine_is_out_of_reach():
    with socket.socket() as one, pytest.raises(BeyondLoopbackError):
        one.connect(("192.0.2.1", 80))


def test_another_machine_is_out_of_reach_for_datagrams():
    with socket.socket(type=socket.SOCK_DGRAM) as one, pytest.raises(BeyondLoopbackError):
        one.sendto(b"hello", ("192.0.2.1", 53))


def test_names_are_not_looked_up():
    with pytest.raises(BeyondLoopbackError):
        socket.create_connection(("login.salesforce.com", 443))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_is_within_reach(host):
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection((host, server.getsockname()[1]), timeout=5) as one,
    ):
        assert one.getpeername()[1] == server.getsockname()[1]
