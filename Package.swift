// swift-tools-version: 6.2
// The architecture on one page. A layer imports only the layers above it in this list; TidyTests hold the order.
import PackageDescription

let package = Package(
    name: "understudy",
    products: [
        .executable(name: "understudy", targets: ["understudy"]),
        .library(name: "UnderstudyTesting", targets: ["UnderstudyTesting"]),
    ],
    targets: [
        // Standards: what others published. Bytes in, values out.
        .standard("Bytes"),
        .standard("Time", needs: ["Bytes"]),
        .standard("JSON", needs: ["Bytes"]),
        .systemLibrary(
            name: "COpenSSL", path: "Sources/Standards/COpenSSL", pkgConfig: "openssl",
            providers: [.apt(["libssl-dev"])]),
        .standard("Crypto", needs: ["Bytes", "COpenSSL"]),
        .standard("SplitMix"),
        .standard("Mathematics"),
        .standard("HTTPWire", needs: ["Bytes"]),
        .standard("SSEWire", needs: ["Bytes"]),
        .standard("DNSWire", needs: ["Bytes"]),
        .standard("WebSocketWire", needs: ["Bytes", "Crypto"]),
        .standard("SigV4", needs: ["Bytes", "Time", "Crypto"]),
        .standard("Deflate", needs: ["Bytes"]),
        .standard("HAR", needs: ["Bytes", "Time", "JSON"]),
        .standard("JOSE", needs: ["Bytes", "JSON", "Crypto"]),

        // Core: what Understudy decides. Values in, values out.
        .core("Runtime", needs: ["Bytes", "Time", "JSON", "HTTPWire"]),
        .core("Forwarding", needs: ["Bytes", "Time", "JSON", "HTTPWire", "SigV4", "Runtime"]),
        .core("Delivery", needs: ["HTTPWire", "SplitMix"]),
        .core("Fields", needs: ["Bytes", "Time", "JSON"]),
        .core(
            "Rules",
            needs: [
                "Bytes", "Time", "JSON", "SSEWire", "WebSocketWire", "SplitMix", "Runtime", "Delivery", "Fields",
            ]),
        .core("Recording", needs: ["Bytes", "Time", "JSON", "HTTPWire", "HAR", "Runtime", "Delivery", "Fields"]),
        .core("Library", needs: ["Bytes", "Time", "JSON", "Runtime", "Forwarding", "Fields", "Rules", "Recording"]),
        .core(
            "Faults",
            needs: [
                "Bytes", "Time", "JSON", "SplitMix", "Mathematics", "HTTPWire", "Runtime", "Delivery", "Fields",
                "Rules", "Library",
            ]),
        .core(
            "Access",
            needs: ["Bytes", "Time", "JSON", "Crypto", "HTTPWire", "SigV4", "JOSE", "Runtime", "Library"]),
        .core("Redaction", needs: ["Bytes", "JSON", "Crypto", "Deflate", "HTTPWire", "Rules", "Recording"]),
        .core("Journal", needs: ["Bytes", "Time", "JSON", "HTTPWire", "Runtime", "Delivery", "Redaction"]),
        .core(
            "Conversations", needs: ["Bytes", "JSON", "HTTPWire", "WebSocketWire", "SplitMix", "Delivery", "Journal"]),
        .core(
            "Neighbours",
            needs: ["Bytes", "Time", "JSON", "Crypto", "HTTPWire", "Runtime", "Library", "Journal"]),
        .core(
            "Emulator",
            needs: [
                "Bytes", "Time", "JSON", "SplitMix", "HTTPWire", "Runtime", "Forwarding", "Delivery", "Fields", "Rules",
                "Recording",
                "Library", "Faults", "Access", "Redaction", "Journal", "Conversations", "WebSocketWire", "Neighbours",
            ]),
        .core("Verdicts", needs: ["Bytes", "Time", "JSON", "HTTPWire", "Mathematics", "Runtime", "Fields", "Journal"]),
        .core("Reports", needs: ["Bytes", "Time", "JSON", "Verdicts"]),
        .core(
            "ControlAPI",
            needs: [
                "Bytes", "Time", "JSON", "HTTPWire", "SSEWire", "Runtime", "Delivery", "Fields", "Library", "Faults",
                "Access", "Journal", "Verdicts", "Reports", "Emulator",
            ]),
        .core("Pointing", needs: ["Bytes", "JSON", "HTTPWire"]),

        // IO: the only code that touches sockets, files, clocks and chance.
        .systemLibrary(
            name: "CSQLite", path: "Sources/IO/CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .target(name: "CShims", path: "Sources/IO/CShims"),
        .target(name: "Dashboard", path: "Sources/IO/Dashboard", exclude: ["page"]),
        .io("Threading", needs: []),
        .io("EventLoop", needs: ["CShims", "Threading"]),
        .io("TLS", needs: ["COpenSSL", "CShims"]),
        .io(
            "Store",
            needs: [
                "Bytes", "Time", "JSON", "HTTPWire", "Runtime", "Delivery", "Fields", "Rules", "Recording", "Library",
                "Journal",
                "Threading", "CSQLite", "CShims", "Redaction",
            ]),
        .io(
            "Server",
            needs: [
                "Bytes", "Time", "Crypto", "HTTPWire", "SSEWire", "WebSocketWire", "Conversations", "DNSWire",
                "Runtime",
                "Forwarding", "Delivery", "Library", "Access", "Journal", "Emulator",
                "ControlAPI", "Store", "Threading", "EventLoop", "CShims", "Dashboard", "Recording", "Redaction",
                "Pointing", "TLS",
            ]),
        .io(
            "UnderstudyCLI",
            needs: [
                "Bytes", "Time", "JSON", "SplitMix", "HTTPWire", "SSEWire", "WebSocketWire", "Forwarding", "Delivery",
                "Fields", "Library",
                "Faults", "Access", "Journal", "Verdicts", "Reports", "Emulator", "Store", "Threading", "Server",
                "CShims", "HAR", "Recording", "ControlAPI", "Redaction",
                "Pointing", "TLS",
            ]),
        .io(
            "UnderstudyTesting",
            needs: ["Bytes", "Time", "JSON", "Library", "Emulator", "Threading", "Server", "UnderstudyCLI"]),
        .executableTarget(
            name: "understudy", dependencies: ["UnderstudyCLI"], path: "Sources/IO/Main",
            exclude: ["function-order.txt"], swiftSettings: .lean, linkerSettings: .ordered),

        .target(
            name: "Support",
            dependencies: [
                "Bytes", "JSON", "Crypto", "HTTPWire", "Time", "Runtime", "Delivery", "Rules", "Recording", "Library",
                "Journal",
                "CShims",
            ],
            path: "Tests/Support", swiftSettings: .house),
        .target(
            name: "VerdictSimulation", dependencies: ["Time", "SplitMix", "Verdicts"],
            path: "Tests/VerdictSimulation", swiftSettings: .house),
        .tests(
            "StandardsTests",
            of: [
                "Bytes", "Time", "JSON", "Crypto", "SplitMix", "Mathematics", "HTTPWire", "SSEWire", "DNSWire",
                "WebSocketWire",
                "SigV4", "JOSE", "HAR", "Deflate",
                "COpenSSL",
            ]),
        .tests(
            "CoreTests",
            of: [
                "Bytes", "Time", "JSON", "Crypto", "SplitMix", "HTTPWire", "SSEWire", "SigV4", "JOSE", "Runtime",
                "Forwarding", "Delivery", "WebSocketWire", "Conversations", "Fields", "Rules", "Recording",
                "Library", "Faults", "Access", "Journal", "Emulator",
                "ControlAPI",
                "HAR", "Verdicts", "Reports", "VerdictSimulation", "Redaction",
                "Pointing", "Neighbours",
            ]),
        .tests(
            "IOTests",
            of: [
                "Bytes", "Time", "JSON", "Crypto", "HTTPWire", "SSEWire", "DNSWire", "Runtime", "Forwarding", "Access",
                "Delivery",
                "Fields",
                "Rules", "Recording", "Library", "Journal", "Redaction", "Verdicts", "Emulator", "ControlAPI", "Store",
                "Threading", "EventLoop", "Server", "UnderstudyCLI", "CShims", "CSQLite",
                "TLS",
            ]),
        .tests(
            "EndToEndTests",
            of: [
                "Bytes", "Time", "JSON", "Crypto", "HTTPWire", "SSEWire", "SigV4", "JOSE", "Fields", "Rules",
                "Recording", "Library",
                "Access",
                "Journal", "Emulator", "Store", "EventLoop", "Server", "UnderstudyCLI", "CShims", "CSQLite",
                "UnderstudyTesting",
            ]),
        .tests("TidyTests", of: []),
    ],
    swiftLanguageModes: [.v6]
)

extension [SwiftSetting] {
    static var house: [SwiftSetting] { [.enableUpcomingFeature("ExistentialAny")] }

    /// What the server is made of. The compiler imports its libraries of regular expressions and of concurrency into
    /// every file unasked, and each is a megabyte of an idle server; whoever needs one imports it by name.
    static var lean: [SwiftSetting] {
        house + [
            .unsafeFlags([
                "-Xfrontend", "-disable-implicit-string-processing-module-import",
                "-Xfrontend", "-disable-implicit-concurrency-module-import",
            ]),
            // Overlapping accesses are looked for wherever tests run: what is tested is built for debugging. For each call
            // of the release they were looked for a hundred times.
            .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
            // Each function by itself, for the linker to put where it belongs.
            .unsafeFlags(["-Xfrontend", "-function-sections"], .when(platforms: [.linux], configuration: .release)),
        ]
    }
}

extension [LinkerSetting] {
    /// What calls run through stands together, which spares a sixth of a call's processor time; `make order` writes the list.
    /// Nobody looks for the program's own names while it runs: without them it is a megabyte smaller.
    static var ordered: [LinkerSetting] {
        let list = "\(Context.packageDirectory)/Sources/IO/Main/function-order.txt"
        return [
            .unsafeFlags(
                [
                    "-use-ld=lld", "-Xlinker", "--symbol-ordering-file=\(list)",
                    "-Xlinker", "--no-warn-symbol-ordering", "-Xlinker", "--no-export-dynamic",
                ],
                .when(platforms: [.linux], configuration: .release))
        ]
    }
}

extension Target {
    static func standard(_ name: String, needs: [Target.Dependency] = []) -> Target {
        .target(name: name, dependencies: needs, path: "Sources/Standards/\(name)", swiftSettings: .lean)
    }
    static func core(_ name: String, needs: [Target.Dependency]) -> Target {
        .target(name: name, dependencies: needs, path: "Sources/Core/\(name)", swiftSettings: .lean)
    }
    static func io(_ name: String, needs: [Target.Dependency]) -> Target {
        .target(name: name, dependencies: needs, path: "Sources/IO/\(name)", swiftSettings: .lean)
    }
    static func tests(_ name: String, of modules: [Target.Dependency]) -> Target {
        .testTarget(
            name: name, dependencies: ["Support"] + modules, path: "Tests/\(name)", swiftSettings: .house)
    }
}

// `make fuzz` builds one more target, for which the compiler's fuzzer supplies `main`.
if Context.environment["UNDERSTUDY_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "Bytes", "Time", "JSON", "HTTPWire", "SSEWire", "WebSocketWire", "SigV4", "JOSE", "HAR", "DNSWire",
                "Rules",
                "Library", "Emulator", "Verdicts", "Neighbours", "Forwarding", "Redaction",
            ],
            path: "Tests/Fuzz", exclude: ["Seeds"], swiftSettings: .house))
}

// `make accuracy` builds one more: the confusion table of the judges.
if Context.environment["UNDERSTUDY_ACCURACY"] != nil {
    package.targets.append(
        .executableTarget(
            name: "Accuracy", dependencies: ["VerdictSimulation"], path: "Tests/Accuracy", swiftSettings: .house))
}
