// swift-tools-version: 6.2
// The architecture on one page. A layer imports only the layers above it in this list; TidyTests hold the order.
import PackageDescription

let package = Package(
    name: "understudy",
    products: [.executable(name: "understudy", targets: ["understudy"])],
    targets: [
        // Standards: what others published. Bytes in, values out.
        .standard("Bytes"),
        .standard("Time", needs: ["Bytes"]),
        .standard("JSON", needs: ["Bytes"]),
        .systemLibrary(
            name: "COpenSSL", path: "Sources/Standards/COpenSSL", pkgConfig: "openssl",
            providers: [.apt(["libssl-dev"])]),
        .standard("Crypto", needs: ["Bytes", "COpenSSL"]),
        .standard("HTTPWire", needs: ["Bytes", "Time"]),
        .standard("SSEWire", needs: ["Bytes"]),
        .standard("SigV4", needs: ["Bytes", "Time", "Crypto"]),
        .standard("JOSE", needs: ["Bytes", "JSON", "Crypto"]),

        // Core: what Understudy decides. Values in, values out.
        .core("Runtime", needs: ["Bytes", "Time", "JSON"]),
        .core("Delivery", needs: ["Bytes", "HTTPWire"]),
        .core("Scenarios", needs: ["Bytes", "Time", "JSON", "SSEWire", "Runtime", "Delivery"]),
        .core(
            "Access",
            needs: ["Bytes", "Time", "JSON", "Crypto", "HTTPWire", "SigV4", "JOSE", "Runtime", "Scenarios"]),
        .core("Journal", needs: ["Bytes", "Time", "JSON", "HTTPWire", "Delivery"]),
        .core(
            "Emulator",
            needs: [
                "Bytes", "Time", "JSON", "HTTPWire", "Runtime", "Delivery", "Scenarios", "Access", "Journal",
            ]),

        // IO: the only code that touches sockets, files, clocks and chance.
        .systemLibrary(
            name: "CSQLite", path: "Sources/IO/CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .target(name: "CShims", path: "Sources/IO/CShims"),
        .io("Store", needs: ["Bytes", "Time", "JSON", "Runtime", "Scenarios", "Journal", "CSQLite", "CShims"]),
        .io("EventLoop", needs: ["CShims"]),
        .io(
            "Server",
            needs: [
                "Bytes", "Time", "JSON", "HTTPWire", "SSEWire", "Delivery", "Scenarios", "Access", "Journal",
                "Emulator", "Store", "EventLoop", "CShims",
            ]),
        .io(
            "UnderstudyCLI",
            needs: [
                "Bytes", "Time", "JSON", "HTTPWire", "Scenarios", "Access", "Journal", "Emulator", "Store",
                "EventLoop", "Server", "CShims",
            ]),
        .executableTarget(
            name: "understudy", dependencies: ["UnderstudyCLI"], path: "Sources/IO/Main", swiftSettings: .house),

        .target(
            name: "Support", dependencies: ["Bytes", "JSON", "HTTPWire", "CShims"], path: "Tests/Support",
            swiftSettings: .house),
        .tests(
            "StandardsTests",
            of: ["Bytes", "Time", "JSON", "Crypto", "HTTPWire", "SSEWire", "SigV4", "JOSE", "COpenSSL"]),
        .tests(
            "CoreTests",
            of: [
                "Bytes", "Time", "JSON", "Crypto", "HTTPWire", "SSEWire", "SigV4", "JOSE", "Runtime", "Delivery",
                "Scenarios", "Access", "Journal", "Emulator",
            ]),
        .tests(
            "IOTests",
            of: [
                "Bytes", "Time", "JSON", "HTTPWire", "Runtime", "Delivery", "Scenarios", "Journal", "Emulator",
                "Store", "EventLoop", "Server", "CShims", "CSQLite",
            ]),
        .tests(
            "EndToEndTests",
            of: [
                "Bytes", "Time", "JSON", "Crypto", "HTTPWire", "SSEWire", "SigV4", "JOSE", "Scenarios", "Access",
                "Journal", "Emulator", "Store", "EventLoop", "Server", "UnderstudyCLI", "CShims",
            ]),
        .tests("TidyTests", of: []),
    ],
    swiftLanguageModes: [.v6]
)

extension [SwiftSetting] {
    static var house: [SwiftSetting] { [.enableUpcomingFeature("ExistentialAny")] }
}

extension Target {
    static func standard(_ name: String, needs: [Target.Dependency] = []) -> Target {
        .target(name: name, dependencies: needs, path: "Sources/Standards/\(name)", swiftSettings: .house)
    }
    static func core(_ name: String, needs: [Target.Dependency]) -> Target {
        .target(name: name, dependencies: needs, path: "Sources/Core/\(name)", swiftSettings: .house)
    }
    static func io(_ name: String, needs: [Target.Dependency]) -> Target {
        .target(name: name, dependencies: needs, path: "Sources/IO/\(name)", swiftSettings: .house)
    }
    static func tests(_ name: String, of modules: [Target.Dependency]) -> Target {
        .testTarget(
            name: name, dependencies: ["Support"] + modules, path: "Tests/\(name)", swiftSettings: .house)
    }
}
