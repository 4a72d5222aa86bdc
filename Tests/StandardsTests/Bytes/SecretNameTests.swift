import Bytes
import Testing

@Suite("Secret names") struct SecretNameTests {
    @Test(
        "names of secrets are known by their end, whatever their case and hyphens",
        arguments: [
            "Authorization", "proxy-authorization", "COOKIE", "Set-Cookie", "X-Amz-Security-Token",
            "WorkloadAccessToken", "X-Amz-Bedrock-AgentCore-Identity-WAT", "X-Api-Key", "api_key", "apikey",
            "X-Amz-Signature", "access_token", "AccessToken", "id_token", "refreshToken", "token", "client_secret",
            "code", "CODE", "PASSWORD", "Password", "SECRET_HASH", "assertion", "client_assertion", "code_verifier",
            "secretAccessKey", "__token__token", "sessionToken", "passwd", "user_passwd", "pwd", "DB_PWD", "passphrase",
            "key-passphrase", "private_key", "privateKey", "SecretString",
        ])
    func secret(name: String) { #expect(SecretName.matches(name)) }

    @Test(
        "other names are not",
        arguments: [
            "", "n", "-", "Host", "Accept", "Content-Type", "Content-Length", "Connection", "User-Agent", "X-Amz-Date",
            "X-Amz-Credential", "X-Amz-SignedHeaders", "token_type", "statusCode", "error_code", "qualifier", "key",
            "tokens", "amz-sdk-request", "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", "username", "cod", "ode",
            "OLDPWD", "private_key_id", "SecureString", "string", "key", "phrase", "response",
        ])
    func harmless(name: String) { #expect(!SecretName.matches(name)) }

    @Test(
        "tokens that let nobody in are known by their whole name",
        arguments: [
            ("progressToken", true), ("cancellationToken", true), ("syncToken", true), ("pagination_token", true),
            ("paginationToken", true), ("firstToken", true), ("prediction_token", true), ("finish_token", true),
            ("nextToken", true), ("my_progress_token", false), ("token", false), ("accessToken", false),
        ])
    func placeholder(name: String, isOne: Bool) { #expect(SecretName.isPlaceholder(name.utf8.span) == isOne) }
}
