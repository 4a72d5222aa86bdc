import COpenSSL

/// Keys from their raw components, big-endian as JWK carries them.
extension PublicKey {
    /// RFC 7518 3.3 and 3.5: "A key of size 2048 bits or larger MUST be used". Longer than 8,192 bits would let a
    /// published key buy seconds of our time.
    package convenience init(rsaModulus: [UInt8], exponent: [UInt8]) throws(ImportError) {
        let modulus = Array(rsaModulus.drop { $0 == 0 })
        let exponent = Array(exponent.drop { $0 == 0 })
        let bits = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
        guard bits >= 2_048 else { throw .modulusTooShort(bits: bits) }
        guard bits <= 8_192 else { throw .modulusTooLong(bits: bits) }
        guard modulus[modulus.count - 1] & 1 == 1 else { throw .modulusEven }
        // RFC 8017 3.1: e lies between 3 and n-1 and is odd. With e = 1 every message is its own signature.
        guard let last = exponent.last, last & 1 == 1, exponent != [1], exponent.count <= 8
        else { throw .exponentRefused }
        guard let handle = Self.rsaHandle(modulus, exponent) else { throw .unreadable }
        self.init(kind: .rsa(bits: bits), owning: handle)
    }

    /// RFC 7518 6.2.1.2: "The length of this octet string MUST be the full size of a coordinate".
    package convenience init(curve: Kind, x: [UInt8], y: [UInt8]) throws(ImportError) {
        let (group, size): (StaticString, Int)
        switch curve {
        case .p256: (group, size) = ("P-256", 32)
        case .p384: (group, size) = ("P-384", 48)
        case .p521: (group, size) = ("P-521", 66)
        case .rsa, .ed25519, .ed448: throw .unreadable
        }
        guard x.count == size, y.count == size else { throw .coordinateLength }
        // Reading the point checks the curve's equation.
        guard let handle = Self.ecHandle(group, point: [0x04] + x + y) else { throw .pointNotOnCurve }
        self.init(kind: curve, owning: handle)
    }

    /// RFC 8032: an encoded point of Ed25519 (32 octets) or Ed448 (57).
    package convenience init(edwards curve: Kind, point: [UInt8]) throws(ImportError) {
        let (name, size): (String, Int)
        switch curve {
        case .ed25519: (name, size) = ("ED25519", 32)
        case .ed448: (name, size) = ("ED448", 57)
        case .rsa, .p256, .p384, .p521: throw .unreadable
        }
        guard point.count == size else { throw .coordinateLength }
        guard !SmallOrder.contains(point) else { throw .pointOfSmallOrder }
        defer { ERR_clear_error() }
        guard let handle = EVP_PKEY_new_raw_public_key_ex(nil, name, nil, point, point.count)
        else { throw .unreadable }
        self.init(kind: curve, owning: handle)
    }

    private static func rsaHandle(_ modulus: [UInt8], _ exponent: [UInt8]) -> OpaquePointer? {
        let n = BN_bin2bn(modulus, Int32(modulus.count), nil)
        let e = BN_bin2bn(exponent, Int32(exponent.count), nil)
        defer {
            BN_free(n)
            BN_free(e)
        }
        return handle("RSA") { builder in
            OSSL_PARAM_BLD_push_BN(builder, pointer("n"), n) == 1
                && OSSL_PARAM_BLD_push_BN(builder, pointer("e"), e) == 1
        }
    }

    private static func ecHandle(_ group: StaticString, point: [UInt8]) -> OpaquePointer? {
        point.withUnsafeBytes { bytes in
            handle("EC") { builder in
                OSSL_PARAM_BLD_push_utf8_string(builder, pointer("group"), pointer(group), 0) == 1
                    && OSSL_PARAM_BLD_push_octet_string(builder, pointer("pub"), bytes.baseAddress, bytes.count) == 1
            }
        }
    }

    /// The builder keeps the pointers it is given until the parameters are made, so a name must stay where it is:
    /// a `String` would be gone by then.
    private static func pointer(_ name: StaticString) -> UnsafePointer<CChar> {
        UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
    }

    /// `EVP_PKEY_PUBLIC_KEY`, a macro that Swift cannot see: the public key (2) and all parameters (0x84).
    private static let publicSelection: Int32 = 0x86

    private static func handle(_ algorithm: String, fill: (OpaquePointer) -> Bool) -> OpaquePointer? {
        defer { ERR_clear_error() }
        guard let builder = OSSL_PARAM_BLD_new() else { return nil }
        defer { OSSL_PARAM_BLD_free(builder) }
        guard fill(builder), let parameters = OSSL_PARAM_BLD_to_param(builder) else { return nil }
        defer { OSSL_PARAM_free(parameters) }
        let context = EVP_PKEY_CTX_new_from_name(nil, algorithm, nil)
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_fromdata_init(context) == 1,
            EVP_PKEY_fromdata(context, &key, publicSelection, parameters) == 1
        else { return nil }
        return key
    }
}

/// The Edwards points whose multiples by 8 (4 for Ed448) vanish, in every encoding that a lenient reader accepts.
enum SmallOrder {
    static func contains(_ point: [UInt8]) -> Bool {
        var y = point
        // The sign of x is the highest bit; the small-order set is closed under it.
        y[y.count - 1] &= 0x7F
        return (point.count == 32 ? ordinates25519 : ordinates448).contains(y)
    }

    /// y = 0, 1, -1, the two ordinates of the points of order 8, and p and p+1, which read as 0 and 1.
    private static let ordinates25519: [[UInt8]] = [
        [UInt8](repeating: 0, count: 32),
        [1] + [UInt8](repeating: 0, count: 31),
        [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
        [0xED] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
        [0xEE] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
        [
            0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0,
            0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05,
        ],
        [
            0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67, 0x0F,
            0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A,
        ],
    ]

    /// y = 0, 1, -1, p and p+1 for p = 2^448 - 2^224 - 1.
    private static let ordinates448: [[UInt8]] = [
        [UInt8](repeating: 0, count: 57),
        [1] + [UInt8](repeating: 0, count: 56),
        [0xFE] + [UInt8](repeating: 0xFF, count: 27) + [0xFE] + [UInt8](repeating: 0xFF, count: 27) + [0],
        [UInt8](repeating: 0xFF, count: 28) + [0xFE] + [UInt8](repeating: 0xFF, count: 27) + [0],
        [UInt8](repeating: 0, count: 28) + [UInt8](repeating: 0xFF, count: 28) + [0],
    ]
}
