import Bytes
import HTTPWire

/// Clients of services that answer in XML read nothing else: whoever asks for one that is not here is told so in XML.
package enum XMLRefusal {
    /// Nil where JSON does as well.
    package static func body(
        _ error: NeighbourError, of service: String, to request: borrowing Request
    ) -> [UInt8]? {
        let fields = "<Code>\(error.name)</Code><Message>\(Markup.escaped(error.message))</Message>"
        if service == "s3" {
            return Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\(fields)</Error>\n".utf8)
        }
        guard QueryXML.parameter("Action", of: request) != nil else { return nil }
        return Array("<ErrorResponse><Error><Type>Sender</Type>\(fields)</Error></ErrorResponse>\n".utf8)
    }
}
