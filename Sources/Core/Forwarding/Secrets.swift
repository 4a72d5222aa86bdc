import Bytes

/// Takes secrets out of a text that somebody else wrote.
package enum Secrets {
    /// Also as they stand in JSON, and percent-encoded.
    package static func hide(_ secrets: [[UInt8]], in content: [UInt8]) -> [UInt8] {
        var text = content
        for secret in secrets {
            let escaped = secret.flatMap { $0 == UInt8(ascii: "/") ? [UInt8(ascii: "\\"), $0] : [$0] }
            let forms = [secret, escaped, Array(PercentEncoding.encode(secret).utf8)]
            for (index, form) in forms.enumerated() where index == 0 || form != secret { text = hide(form, in: text) }
        }
        return text
    }

    private static func hide(_ secret: [UInt8], in content: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        var start = 0
        while let place = ByteSearch.first(secret.span, in: content.span, from: start) {
            text += content[start..<place]
            text.append("\(SecretName.mask)")
            start = place + secret.count
        }
        return start == 0 ? content : text + content[start...]
    }
}
