"""The issuer, through the clients that people log in with."""

import boto3
import botocore.exceptions
import httpx
import jwt
import pytest
from botocore import UNSIGNED
from botocore.config import Config

from clients import bearer, invocations
from understudy import run
from world import ANNA, MACHINE, POOL, REGION, TOKEN

SUSHI = b'{"prompt":"sushi"}'


@pytest.fixture(scope="module")
def cognito(server):
    config = Config(signature_version=UNSIGNED, retries={"max_attempts": 1})
    return boto3.client("cognito-idp", endpoint_url=server.url, region_name=REGION, config=config)


def log_in(cognito, password=ANNA["password"], flow="USER_PASSWORD_AUTH", **parameters):
    parameters = parameters or {"USERNAME": ANNA["username"], "PASSWORD": password}
    return cognito.initiate_auth(ClientId=ANNA["clientId"], AuthFlow=flow, AuthParameters=parameters)[
        "AuthenticationResult"
    ]


def call(server, token):
    return httpx.post(invocations(server.url, TOKEN), content=SUSHI, headers=bearer(token))


def verified(server, token, **options):
    """The token's claims, verified the way any relying party does it."""
    discovery = httpx.get(f"{server.url}/{POOL}/.well-known/openid-configuration").json()
    keys = jwt.PyJWKClient(discovery["jwks_uri"])
    return jwt.decode(
        token, keys.get_signing_key_from_jwt(token), algorithms=["RS256"], issuer=discovery["issuer"],
        options={"verify_aud": "audience" in options}, **options,
    )  # fmt: skip


def test_a_password_buys_a_token_that_the_agent_takes(server, cognito):
    result = log_in(cognito)
    assert result["TokenType"] == "Bearer"
    assert call(server, result["AccessToken"]).status_code == 200


def test_the_tokens_carry_cognitos_claims(server, cognito):
    result = log_in(cognito)
    access = verified(server, result["AccessToken"])
    assert (access["token_use"], access["client_id"], access["username"]) == ("access", ANNA["clientId"], "anna")
    assert access["cognito:groups"] == ANNA["groups"]
    assert access["exp"] - access["iat"] == result["ExpiresIn"]
    identity = verified(server, result["IdToken"], audience=ANNA["clientId"])
    assert (identity["token_use"], identity["cognito:username"]) == ("id", "anna")
    kids = {jwt.get_unverified_header(result[name])["kid"] for name in ("AccessToken", "IdToken")}
    assert len(kids) == 2


def test_an_id_token_is_not_an_access_token(server, cognito):
    answer = call(server, log_in(cognito)["IdToken"])
    assert answer.status_code == 401
    assert answer.json()["error"]["message"] == "Claim 'client_id' value mismatch with configuration."


def test_a_wrong_password(cognito):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        log_in(cognito, password="wrong")
    assert caught.value.response["Error"]["Code"] == "NotAuthorizedException"
    assert caught.value.response["Error"]["Message"] == "Incorrect username or password."


def test_a_refresh_token(server, cognito):
    refresh = log_in(cognito)["RefreshToken"]
    fresh = log_in(cognito, flow="REFRESH_TOKEN_AUTH", REFRESH_TOKEN=refresh)
    assert call(server, fresh["AccessToken"]).status_code == 200


def test_client_credentials(server):
    answer = httpx.post(
        f"{server.url}/oauth2/token",
        auth=(MACHINE["clientId"], MACHINE["clientSecret"]),
        data={"grant_type": "client_credentials", "scope": "agents/invoke"},
    )
    assert answer.status_code == 200, answer.text
    granted = answer.json()
    assert granted["token_type"] == "Bearer"
    assert verified(server, granted["access_token"])["scope"] == "agents/invoke"
    assert call(server, granted["access_token"]).status_code == 200


@pytest.mark.parametrize(
    "auth, form, error",
    [
        ((MACHINE["clientId"], "wrong"), {"grant_type": "client_credentials"}, "invalid_client"),
        (("nobody", "wrong"), {"grant_type": "client_credentials"}, "invalid_client"),
        ((MACHINE["clientId"], MACHINE["clientSecret"]), {"grant_type": "magic"}, "unsupported_grant_type"),
        ((MACHINE["clientId"], MACHINE["clientSecret"]), {}, "invalid_request"),
        ((MACHINE["clientId"], MACHINE["clientSecret"]), {"grant_type": "client_credentials", "scope": "x"}, "invalid_scope"),
    ],
)
def test_the_token_endpoint_refuses(server, auth, form, error):
    answer = httpx.post(f"{server.url}/oauth2/token", auth=auth, data=form)
    assert answer.status_code == 400
    assert answer.json()["error"] == error


def test_a_token_from_the_command_line(server, library):
    file, _ = library
    made = run("token", "--agent", TOKEN, "--client-id", ANNA["clientId"], "--claim", "team=kitchen", cwd=file.parent)
    assert made.returncode == 0, made.stderr
    token = made.stdout.strip()
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["client_id"], claims["team"]) == (ANNA["clientId"], "kitchen")
