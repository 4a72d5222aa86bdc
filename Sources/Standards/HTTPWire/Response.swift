import Bytes

/// One answer as it stood on the wire: the head's bytes once, its fields by their places in them.
package struct Response: Equatable, Sendable {
    package var status: Int
    package var minorVersion: UInt8
    /// The status line and the header section, without the empty line that ends it.
    package var head: [UInt8]
    package var fields: [FieldRange]
    /// The content, with any chunked framing taken off.
    package var body: [UInt8]
    package var keepsAlive: Bool

    package init(
        status: Int, minorVersion: UInt8, head: [UInt8], fields: [FieldRange], body: [UInt8] = [], keepsAlive: Bool
    ) {
        self.status = status
        self.minorVersion = minorVersion
        self.head = head
        self.fields = fields
        self.body = body
        self.keepsAlive = keepsAlive
    }

    /// The value of the first field of this name (given in lower case), or nil.
    package func text(of name: StaticString) -> String? {
        let bytes = head.span
        for field in fields where ASCII.equals(bytes.extracting(field.name), lowercase: name) {
            return String(lossy: head[field.value])
        }
        return nil
    }

    /// Every value of the fields of this name, in order.
    package func values(of name: StaticString) -> [ArraySlice<UInt8>] {
        let bytes = head.span
        return fields.filter { ASCII.equals(bytes.extracting($0.name), lowercase: name) }.map { head[$0.value] }
    }
}
