"""What every answer carries, whoever asks."""

import pytest

POLICY = {
    "default-src 'self'",
    "img-src 'self' data:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
}


@pytest.mark.parametrize("path", ["/healthz", "/no-such-page/", "/static/no-such-file.css"])
def test_the_strict_policy_is_on_every_answer(client, db, path):
    answer = client.get(path)
    assert set(answer["Content-Security-Policy"].split("; ")) == POLICY
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


def test_a_forged_host_is_refused(client, db):
    assert client.get("/no-such-page/", headers={"host": "evil.example"}).status_code == 400
