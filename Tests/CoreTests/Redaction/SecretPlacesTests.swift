import Bytes
import Testing

@testable import Redaction

@Suite("Secret places") struct SecretPlacesTests {
    @Test(
        "in a header field only the secret is found",
        arguments: [
            ("Authorization", "Bearer abc.def", ["abc.def"]),
            ("authorization", "bearer   abc", ["abc"]),
            ("Authorization", "Basic dTpw", ["dTpw"]),
            ("Authorization", "Bearer", []),
            ("Authorization", "Bearer ", []),
            ("Authorization", "hunter2", ["hunter2"]),
            ("Authorization", "hunter2 and more", ["hunter2 and more"]),
            ("Authorization", "", []),
            (
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=AKID/20260115/a/b/c, SignedHeaders=host;date, Signature=0f0f",
                ["0f0f"]
            ),
            ("Authorization", "AWS4-HMAC-SHA256 Signature=0f0f,Credential=AKID/x,SignedHeaders=a", ["0f0f"]),
            ("Authorization", "AWS4-HMAC-SHA256 Credential=A, Signature=1, Signature=2", ["1", "2"]),
            ("Authorization", "AWS4-HMAC-SHA256 SignedHeaders=a Signature=2", ["SignedHeaders=a Signature=2"]),
            ("Authorization", "AWS4-HMAC-SHA256 whatever", ["whatever"]),
            ("Authorization", "AWS4-HMAC-SHA256", []),
            ("Proxy-Authorization", "Digest username=\"a\", response=\"b\"", ["username=\"a\", response=\"b\""]),
            ("Cookie", "a=b; c=d", ["a=b; c=d"]),
            ("X-Api-Key", "k", ["k"]),
            (
                "Sec-WebSocket-Protocol", "base64UrlBearerAuthorization.ZXlK, base64UrlBearerAuthorization, chat",
                ["ZXlK"]
            ),
            ("Sec-WebSocket-Protocol", "chat, base64urlbearerauthorization.ZXlK", ["ZXlK"]),
            ("Sec-WebSocket-Protocol", "chat, eyJhbGciOi.a.b", ["eyJhbGciOi.a.b"]),
            ("Sec-WebSocket-Protocol", "chat", []),
            ("Referer", "https://a/b?x=1&access_token=abc#y", ["abc"]),
            ("Referer", "https://a/b#id_token=abc", ["abc"]),
            ("Location", "https://a/cb?code=abc&state=1", ["abc"]),
            ("X-Forwarded-For", "127.0.0.1", []),
            ("X-Custom", "Bearer abc", ["abc"]),
            ("X-Custom", "eyJhbGciOiJub25lIn0.e30.", ["eyJhbGciOiJub25lIn0.e30."]),
            ("X-Custom", "bearable", []),
            ("Accept", "application/json", []),
        ])
    func field(name: String, value: String, secrets: [String]) {
        let bytes = Array("\(name): \(value)".utf8)
        let end = name.utf8.count
        var places = SecretPlaces()
        places.field(FieldRange(name: 0..<end, value: end + 2..<bytes.count), in: bytes.span)
        #expect(places.found.map { String(decoding: bytes[$0], as: UTF8.self) } == secrets)
    }

    @Test(
        "of a field that carries credentials the whole value is masked, of others what is secret",
        arguments: [
            ("Authorization", "Bearer abc.def", ["Bearer abc.def"]),
            (
                "Authorization", "AWS4-HMAC-SHA256 Credential=A/b, Signature=1",
                ["AWS4-HMAC-SHA256 Credential=A/b, Signature=1"]
            ),
            ("Proxy-Authorization", "Basic dTpw", ["Basic dTpw"]),
            ("Authorization", "", []),
            ("Referer", "https://a/b?x=1&access_token=abc#y", ["abc"]),
            ("X-Custom", "Bearer abc", ["abc"]),
        ])
    func masked(name: String, value: String, masked: [String]) {
        let bytes = Array("\(name): \(value)".utf8)
        let end = name.utf8.count
        var places = SecretPlaces()
        places.field(FieldRange(name: 0..<end, value: end + 2..<bytes.count), in: bytes.span)
        #expect(places.masked.map { String(decoding: bytes[$0], as: UTF8.self) } == masked)
    }

    @Test(
        "in a URL secrets are found in its place, in its path, and behind escapes",
        arguments: [
            ("Referer", "eyJhbGciOiJub25lIn0.e30.c2ln", ["eyJhbGciOiJub25lIn0.e30.c2ln"]),
            ("Location", "eyJhbGciOiJub25lIn0.e30.c2ln", ["eyJhbGciOiJub25lIn0.e30.c2ln"]),
            (
                "Referer", "https://a/eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2lnbmF0dXJl/b?c=1",
                ["eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"]
            ),
            (
                "Referer", "https://a/b?x=%7B%22password%22%3A%22hunter2hunter2%22%7D",
                ["%7B%22password%22%3A%22hunter2hunter2%22%7D"]
            ),
            (
                "Referer", "https://a/b?next=https%3A%2F%2Fc%2F%3Faccess_token%3Dhunter2hunter2",
                ["https%3A%2F%2Fc%2F%3Faccess_token%3Dhunter2hunter2"]
            ),
            ("Referer", "https://a/b%20c/d?e=%66oo%20bar&f=100%25", []),
            ("Referer", "https://a/b?eyJhbGciOiJub25lIn0.e30.c2ln", ["eyJhbGciOiJub25lIn0.e30.c2ln"]),
            ("Referer", "https://a/b?eyJhbGciOiJub25lIn0.e30.c2ln=1&c=2", ["eyJhbGciOiJub25lIn0.e30.c2ln"]),
            (
                "Referer", "https://a/b?r=http://c/?access_token=hunter2hunter2",
                ["http://c/?access_token=hunter2hunter2"]
            ),
        ])
    func urls(name: String, value: String, masked: [String]) {
        let bytes = Array("\(name): \(value)".utf8)
        let end = name.utf8.count
        var places = SecretPlaces(looksInside: true)
        places.field(FieldRange(name: 0..<end, value: end + 2..<bytes.count), in: bytes.span)
        #expect(places.masked.map { String(decoding: bytes[$0], as: UTF8.self) } == masked)
    }

    @Test(
        "in a query the values of secret names are found, also of names in disguise",
        arguments: [
            ("qualifier=DEFAULT&X-Amz-Security-Token=abc&X-Amz-Signature=0f", ["abc", "0f"]),
            ("x%2Damz%2Dsecurity%2Dtoken=abc", ["abc"]),
            ("access%5ftoken=abc", ["abc"]),
            ("to%6Ben=abc", ["abc"]),
            ("to%6xen=abc", ["abc"]),
            ("access+token=abc", ["abc"]),
            ("token=", []),
            ("token", []),
            ("token=a=b&code=c", ["a=b", "c"]),
            ("X-Amz-Credential=AKID%2F2026&X-Amz-SignedHeaders=host", []),
            ("a=eyJhbGciOi.b.c", ["eyJhbGciOi.b.c"]),
            ("&&=&token=x&", ["x"]),
            ("", []),
        ])
    func query(query: String, secrets: [String]) {
        let bytes = Array(query.utf8)
        var places = SecretPlaces()
        places.query(0..<bytes.count, in: bytes.span)
        #expect(places.found.map { String(decoding: bytes[$0], as: UTF8.self) } == secrets)
    }
}
