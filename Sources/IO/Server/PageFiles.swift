import ControlAPI
import Dashboard
import Delivery
import HTTPWire

// Rules.  `/_understudy/` is a page, and what it is made of stands below `/_understudy/ui/`. Both hold nothing of this
//         server's calls, so nobody has to show a token for them; what they show they fetch, with the token.
// Theory. A page that shows what strangers sent is a place to run what strangers sent. So nothing runs there but its own
//         files: W3C CSP3, "script-src 'self'" without 'unsafe-inline', and no string ever becomes markup
//         ("require-trusted-types-for 'script'"). It may not stand in another page's frame.

/// The page to look at, as a browser asks for it.
enum PageFiles {
    private static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; \
        form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'
        """

    /// By its path, the file's place in the list.
    private static let places: [String: Int] = {
        var places: [String: Int] = [:]
        for place in 0..<dashboard_count() { places[String(cString: dashboard_at(place).path)] = place }
        return places
    }()

    /// The answer to a request for one of them, or nil when none is meant.
    static func answer(_ asked: ControlRequest) -> [Step]? {
        guard asked.request.isMethod("GET") || asked.request.isMethod("HEAD") else { return nil }
        if asked.path.isEmpty { return [redirection] }
        guard asked.path.first == "/", let place = places[String(asked.path.dropFirst())] else { return nil }
        let file = dashboard_at(place)
        var fields = FieldBlock()
        fields.add("Content-Type", String(cString: file.content_type))
        // Another version of the program may serve here a moment later.
        fields.add("Cache-Control", "no-cache")
        fields.add("Content-Security-Policy", policy)
        fields.add("X-Content-Type-Options", "nosniff")
        fields.add("Referrer-Policy", "no-referrer")
        let bytes = Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
        return [.whole(ResponseHead(status: 200, fields: fields, length: .known(bytes.count)), bytes)]
    }

    /// Without its slash the page would look for its files beside itself.
    private static let redirection: Step = {
        var fields = FieldBlock()
        fields.add("Location", "_understudy/")
        return .whole(ResponseHead(status: 308, fields: fields, length: .known(0)), [])
    }()
}
