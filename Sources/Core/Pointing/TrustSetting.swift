/// How one kind of client is made to trust a certificate authority.
package struct TrustSetting: Equatable, Sendable {
    package let client: String
    /// What is set or done, for the certificate at this path.
    package let setting: @Sendable (_ certificate: String) -> String

    package static func == (left: TrustSetting, right: TrustSetting) -> Bool { left.client == right.client }

    package static let catalogue: [TrustSetting] = [
        TrustSetting(client: "boto3, AWS CLI") { "export AWS_CA_BUNDLE=\($0)" },
        TrustSetting(client: "requests") { "export REQUESTS_CA_BUNDLE=\($0)" },
        TrustSetting(client: "httpx, websockets, aiohttp, Python's ssl") { "export SSL_CERT_FILE=\($0)" },
        TrustSetting(client: "Node") { "export NODE_EXTRA_CA_CERTS=\($0)" },
        TrustSetting(client: "curl") { "export CURL_CA_BUNDLE=\($0)   (or curl --cacert \($0))" },
        TrustSetting(client: "Go") { "export SSL_CERT_FILE=\($0)" },
        TrustSetting(client: "Java") {
            "keytool -importcert -noprompt -alias understudy -file \($0) -keystore understudy.p12 -storepass changeit\n"
                + "java -Djavax.net.ssl.trustStore=understudy.p12 -Djavax.net.ssl.trustStorePassword=changeit …"
        },
        TrustSetting(client: "Chrome, Chromium") {
            "certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n understudy -i \($0)"
        },
        TrustSetting(client: "Firefox") { "Settings, Certificates, Authorities, Import: \($0)" },
        TrustSetting(client: "the system (Debian, Ubuntu)") {
            "sudo cp \($0) /usr/local/share/ca-certificates/understudy.crt && sudo update-ca-certificates"
        },
        TrustSetting(client: "the system (Fedora, RHEL)") { "sudo trust anchor \($0)" },
        TrustSetting(client: "the system (macOS)") {
            "sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain \($0)"
        },
    ]

    /// All of them, a paragraph each.
    package static func text(certificate: String) -> String {
        catalogue.map { entry in
            let lines = entry.setting(certificate).split(separator: "\n").map { "  " + $0 }
            return ([entry.client + ":"] + lines).joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
