"""Tokens travel over https, or not at all."""

from __future__ import annotations

import pytest

from leadferry.salesforce import ClientCredentials
from leadferry.salesforce.addresses import origin


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://login.salesforce.com", "https://login.salesforce.com"),
        ("https://Acme.my.salesforce.com/", "https://acme.my.salesforce.com"),
        ("https://acme.my.salesforce.com/services/oauth2/token?x=1", "https://acme.my.salesforce.com"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_address_is_cut_to_its_origin(url: str, expected: str) -> None:
    assert origin(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "login.salesforce.com",
        "ftp://login.salesforce.com",
        "http://login.salesforce.com",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "https://",
        "https://user:secret@acme.my.salesforce.com",
        "https://acme.my.salesforce.com:port",
    ],
)
def test_an_address_that_would_show_a_token_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match=r"URL|https") as caught:
        ClientCredentials(login_url=url, client_id="k", client_secret="s3cret")
    assert "secret" not in str(caught.value)
