/// RFC 7519 section 2: names and values are compared "without applying any transformations". Swift's `==` on strings
/// takes canonically equivalent texts for one, so that a KELVIN SIGN would pass for a K.
package enum ExactText {
    package static func equal(_ left: String, _ right: String) -> Bool {
        left == right && left.utf8.elementsEqual(right.utf8)
    }
}

extension Sequence<String> {
    package func containsExactly(_ text: String) -> Bool { contains { ExactText.equal($0, text) } }
}
