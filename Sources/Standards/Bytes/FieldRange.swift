/// A name and its value by their places in the bytes that hold them: a header field, a query parameter.
/// Shared by the modules that read a request, so that none has to copy another's list.
package struct FieldRange: Equatable, Hashable, Sendable {
    package var name: Range<Int>
    package var value: Range<Int>

    package init(name: Range<Int>, value: Range<Int>) {
        self.name = name
        self.value = value
    }
}
