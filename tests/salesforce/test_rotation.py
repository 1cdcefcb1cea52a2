"""Refresh tokens that may be used once (help article 005316711)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import urllib3

from leadferry.salesforce import AuthorizationRefused, Client, RefreshToken, TryLater

from .scripted import LOGIN, Reply, ScriptedOrg, granting, refusing, refusing_grant

Connect = Callable[..., Client]
DESCRIBED = Reply(body={"fields": []})
EXPIRED = refusing(401, "INVALID_SESSION_ID", "Session expired or invalid")
TORN = Reply(body=b'{"access_token":"00', usage=None)


def grant(token: str, on_rotated: Callable[[str], None], **more: object) -> RefreshToken:
    return RefreshToken(
        login_url=LOGIN, client_id="k", client_secret=None, refresh_token=token, on_rotated=on_rotated, **more
    )


def presented(org: ScriptedOrg) -> list[str]:
    return [call.form["refresh_token"] for call in org.token_calls]


def test_a_new_refresh_token_is_stored_before_its_access_token_is_used(
    org: ScriptedOrg, connect: Connect
) -> None:
    calls_when_stored: list[tuple[str, int]] = []
    client = connect(grant("r1", lambda token: calls_when_stored.append((token, len(org.calls)))))
    org.will_grant(granting(refresh_token="r2"))
    org.will(DESCRIBED)
    client.describe("Lead")
    assert calls_when_stored == [("r2", 0)] and len(org.calls) == 1


def test_a_grant_without_rotation_keeps_its_refresh_token(org: ScriptedOrg, connect: Connect) -> None:
    stored: list[str] = []
    org.will(EXPIRED, DESCRIBED)
    connect(grant("r1", stored.append)).describe("Lead")
    assert presented(org) == ["r1", "r1"] and stored == []


def test_the_next_refresh_presents_the_newest_token(org: ScriptedOrg, connect: Connect) -> None:
    org.will_grant(granting("00D!a", refresh_token="r2"), granting("00D!b", refresh_token="r3"))
    org.will(EXPIRED, DESCRIBED)
    stored: list[str] = []
    connect(grant("r1", stored.append)).describe("Lead")
    assert presented(org) == ["r1", "r2"] and stored == ["r2", "r3"]


@pytest.mark.parametrize("token", ["r1", "r2"])
def test_a_client_made_from_any_token_of_the_grant_shares_the_session(
    org: ScriptedOrg, connect: Connect, token: str
) -> None:
    org.will_grant(granting(refresh_token="r2"))
    org.will(DESCRIBED, DESCRIBED)
    connect(grant("r1", [].append)).describe("Lead")
    connect(grant(token, [].append)).describe("Lead")
    assert presented(org) == ["r1"]


def test_a_refresh_token_that_could_not_be_stored_leaves_its_access_token_unused(
    org: ScriptedOrg, connect: Connect
) -> None:
    def full_disk(token: str) -> None:
        raise OSError("disk full")

    org.will_grant(granting(refresh_token="r2"), granting(refresh_token="r3"))
    with pytest.raises(OSError, match="disk full"):
        connect(grant("r1", full_disk)).describe("Lead")
    assert org.calls == []
    org.will(DESCRIBED)
    stored: list[str] = []
    connect(grant("r1", stored.append)).describe("Lead")
    assert presented(org) == ["r1", "r2"] and stored == ["r3"]


def test_a_refresh_whose_answer_was_lost_is_not_repeated(org: ScriptedOrg, connect: Connect) -> None:
    client = connect(grant("r1", [].append))
    org.will_grant(TORN)
    with pytest.raises(TryLater):
        client.describe("Lead")
    with pytest.raises(AuthorizationRefused, match="used only once"):
        client.describe("Lead")
    assert presented(org) == ["r1"]


def test_a_grant_known_not_to_rotate_may_be_presented_again(org: ScriptedOrg, connect: Connect) -> None:
    client = connect(grant("r1", [].append, rotates=False))
    org.will_grant(TORN)
    org.will(DESCRIBED)
    with pytest.raises(TryLater):
        client.describe("Lead")
    assert client.describe("Lead") is not None


def test_one_refresh_shows_that_a_grant_does_not_rotate(org: ScriptedOrg, connect: Connect) -> None:
    client = connect(grant("r1", [].append))
    org.will_grant(granting("00D!a"), TORN)
    org.will(EXPIRED, DESCRIBED)
    with pytest.raises(TryLater):
        client.describe("Lead")
    assert client.describe("Lead") is not None


def test_a_refresh_that_never_left_may_be_repeated(connect: Connect) -> None:
    class Down:
        def request(self, method, url, headers, body):
            raise urllib3.exceptions.NewConnectionError(None, "connection refused")

    client = Client(grant("r1", [].append), transport=Down())
    for _ in range(2):
        with pytest.raises(TryLater, match="localhost:80"):
            client.connect()


def test_a_lock_of_all_processes_surrounds_the_refresh_and_gives_the_newest_token(
    org: ScriptedOrg, connect: Connect
) -> None:
    story: list[str] = []

    @contextmanager
    def locked() -> Iterator[str]:
        story.append("locked")
        yield "stored-by-another"
        story.append("freed")

    org.will_grant(granting(refresh_token="r9"))
    connect(grant("r1", story.append, exclusively=locked)).connect()
    assert presented(org) == ["stored-by-another"] and story == ["locked", "r9", "freed"]


def test_a_dead_grant_asks_for_a_new_connection(org: ScriptedOrg, connect: Connect) -> None:
    org.will_grant(refusing_grant("invalid_grant", "expired access/refresh token"))
    with pytest.raises(AuthorizationRefused) as caught:
        connect(grant("r1", [].append)).connect()
    assert caught.value.fix == "Connect to Salesforce again."
