import Testing

@testable import Pointing

@Suite("Where a host is") struct AddressTests {
    @Test(
        "names and addresses of this machine",
        arguments: ["localhost", "LOCALHOST.", "a.localhost", "127.9.9.9", "::1", "::", "0.0.0.0", "::ffff:127.0.0.1"])
    func here(host: String) { #expect(Address.isThisMachine(host) && !Address.isPublic(host)) }

    @Test(
        "those that are not for everybody",
        arguments: [
            "10.0.0.1", "172.31.0.1", "192.168.1.1", "100.64.0.1", "169.254.0.1", "224.0.0.1", "fc00::1", "fe80::1",
            "ff02::1", "::ffff:10.0.0.1",
        ])
    func apart(host: String) { #expect(!Address.isThisMachine(host) && !Address.isPublic(host)) }

    @Test("those that are", arguments: ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2001:db8::1", "::ffff:8.8.8.8"])
    func anywhere(host: String) { #expect(!Address.isThisMachine(host) && Address.isPublic(host)) }
}
