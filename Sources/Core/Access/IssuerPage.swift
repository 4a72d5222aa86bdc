import Bytes
import Crypto
import HTTPWire

/// The pages that a person sees, as HTML that works without scripts. Whatever comes from outside is escaped.
enum IssuerPage {
    private static let style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:22rem;margin:4rem auto;padding:0 1rem}"
        + "label{display:block;margin-top:1rem}input,button{font:inherit;width:100%;box-sizing:border-box;padding:.4rem}"
        + "button{margin-top:1.5rem}.mistake{color:#a00}@media(prefers-color-scheme:dark){"
        + "body{background:#111;color:#eee}.mistake{color:#f88}}"

    /// Content Security Policy Level 3: nothing is loaded or run but the style that has this hash; a form leads back here
    /// and, as browsers look at where a form is sent on to, to where the client waits.
    static func policy(goesOnTo uri: String?) -> String {
        let hash = Base64.standard.encode(SHA256.hash(Array(style.utf8)))
        let target = uri.map { " " + source(of: $0) } ?? ""
        return "default-src 'none'; style-src 'sha256-\(hash)'; form-action 'self'\(target); base-uri 'none'; "
            + "frame-ancestors 'none'"
    }

    /// An origin; a scheme for what has none that a policy could name.
    private static func source(of uri: String) -> String {
        if let http = HTTPURI(uri), !http.authority.utf8.contains(UInt8(ascii: "[")), isPlain(http.authority) {
            return http.scheme.prefix + http.authority
        }
        let scheme = String(uri.prefix { $0 != ":" })
        return isPlain(scheme) ? scheme + ":" : ""
    }

    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || "-.+:".utf8.contains($0) }
    }

    static func login(
        client: String, action: String, hidden: [(name: String, value: String)], username: String, mistake: String?
    ) -> String {
        var form =
            "<h1>Sign in</h1>\n<p>to <strong>\(Markup.escaped(client))</strong>, on this stand-in for Amazon Cognito</p>\n"
        if let mistake { form += "<p class=\"mistake\" role=\"alert\">\(Markup.escaped(mistake))</p>\n" }
        form += "<form method=\"post\" action=\"\(Markup.escaped(action))\">\n"
        for (name, value) in hidden {
            form += "<input type=\"hidden\" name=\"\(Markup.escaped(name))\" value=\"\(Markup.escaped(value))\">\n"
        }
        form += """
            <label>Username <input name="username" value="\(Markup.escaped(username))" autocomplete="username" required autofocus></label>
            <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
            <button type="submit">Sign in</button>
            </form>

            """
        return page("Sign in", form)
    }

    static func mistake(_ message: String) -> String {
        page(
            "Sign in",
            "<h1>This does not work</h1>\n<p class=\"mistake\" role=\"alert\">\(Markup.escaped(message))</p>\n")
    }

    private static func page(_ title: String, _ body: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>\(Markup.escaped(title))</title><style>\(style)</style></head>
        <body><main>
        \(body)</main></body>
        </html>

        """
    }
}

extension IssuerAnswer {
    /// A page, which nobody keeps and nobody frames.
    init(page: String, status: Int, goesOnTo uri: String? = nil) {
        self.init(status: status, body: Array(page.utf8))
        fields.add("Content-Type", "text/html; charset=utf-8")
        fields.add("Content-Security-Policy", IssuerPage.policy(goesOnTo: uri))
        addCaution()
    }

    init(redirect uri: String) {
        self.init(status: 302, body: [])
        fields.add("Location", uri)
        addCaution()
    }

    /// RFC 9700 4.2.4: a referrer would tell what stands in the URI.
    private mutating func addCaution() {
        fields.add("Cache-Control", "no-store")
        fields.add("Referrer-Policy", "no-referrer")
        fields.add("X-Content-Type-Options", "nosniff")
        fields.add("X-Frame-Options", "DENY")
    }
}
