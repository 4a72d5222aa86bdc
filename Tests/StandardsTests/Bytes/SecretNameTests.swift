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
            "secretAccessKey", "__token__token", "sessionToken",
        ])
    func secret(name: String) { #expect(SecretName.matches(name)) }

    @Test(
        "other names are not",
        arguments: [
            "", "n", "-", "Host", "Accept", "Content-Type", "Content-Length", "Connection", "User-Agent", "X-Amz-Date",
            "X-Amz-Credential", "X-Amz-SignedHeaders", "token_type", "statusCode", "error_code", "qualifier", "key",
            "tokens", "amz-sdk-request", "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", "username", "cod", "ode",
        ])
    func harmless(name: String) { #expect(!SecretName.matches(name)) }
}
