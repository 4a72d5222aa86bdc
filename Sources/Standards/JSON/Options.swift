/// What a text may hold beyond RFC 8259, and what it may not hold although RFC 8259 lets it.
package struct Options: Equatable, Sendable {
    package enum DuplicateMembers: Sendable {
        case keep
        /// RFC 7515 section 4: "the Header Parameter names within the JOSE Header MUST be unique".
        case refuse
    }

    /// `// to the end of the line` and `/* between */`.
    package var comments: Bool
    /// One comma after the last element or member.
    package var trailingCommas: Bool
    package var duplicateMembers: DuplicateMembers
    /// RFC 8259 section 9: "An implementation may set limits on the maximum depth of nesting."
    package var maximumDepth: Int

    package init(
        comments: Bool = false, trailingCommas: Bool = false, duplicateMembers: DuplicateMembers = .keep,
        maximumDepth: Int = 512
    ) {
        self.comments = comments
        self.trailingCommas = trailingCommas
        self.duplicateMembers = duplicateMembers
        self.maximumDepth = maximumDepth
    }

    /// RFC 8259 and nothing else.
    package static let strict = Options()
    /// For files that people write: comments and trailing commas, but no name twice.
    package static let handwritten = Options(comments: true, trailingCommas: true, duplicateMembers: .refuse)
}
