import JOSE
import JSON

extension IssuerAnswer {
    /// Whom the token that is handed out is about; nil where none is. A verdict on refreshing tells callers apart by it.
    package var subject: String? {
        guard status == 200, let answer = try? Value.parse(body),
            let token = (answer["access_token"] ?? answer["AuthenticationResult"]?["AccessToken"])?.text,
            let claims = try? Claims(JWS(compact: Array(token.utf8)[...]).payload)
        else { return nil }
        return claims.subject
    }
}
