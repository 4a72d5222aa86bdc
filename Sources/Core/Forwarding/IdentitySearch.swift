import Bytes
import JSON
import SigV4
import Time

// Rules.  The order is that of the AWS SDKs, as far as it can be followed without asking AWS: the environment, the shared
//         files with their profile, a process that a profile names, the container's endpoint. A profile that was asked for
//         by name goes before the environment. What is found first counts, also when it is of no use: nobody is signed for
//         whom the user did not mean.
// Theory. A role to assume and single sign-on need calls to AWS with a signature or a browser: `aws configure
//         export-credentials` makes keys of them, which a process or the environment can hand over.

/// Where real credentials are found, decided over what the system says; whoever runs the process or asks the endpoint
/// comes back with its answer.
package struct IdentitySearch: Sendable {
    package enum Finding: Sendable {
        case found(Identity)
        /// Run this, and read its output.
        case process([String], region: String?)
        /// Ask this, with this value of Authorization.
        case endpoint(String, authorization: String?, region: String?)
        /// The same, with a value that stands in a file.
        case endpointWithFile(String, file: String, region: String?)
        case missing(why: String)
    }

    private let environment: [String: String]
    private let chosen: String?
    private let credentials: ProfileFile
    private let config: ProfileFile

    package init(environment: [String: String], profile: String?, credentials: [UInt8], config: [UInt8]) {
        self.environment = environment.filter { !$0.value.isEmpty }
        chosen = profile
        self.credentials = ProfileFile(credentials)
        self.config = ProfileFile(config)
    }

    private var profile: String {
        chosen ?? environment["AWS_PROFILE"] ?? environment["AWS_DEFAULT_PROFILE"] ?? "default"
    }

    private var region: String? {
        let told = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"]
        let written = config.value("region", of: profile) ?? credentials.value("region", of: profile)
        return chosen == nil ? told ?? written : written ?? told
    }

    package static func credentialsPath(_ environment: [String: String]) -> String {
        environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "\(environment["HOME"] ?? "")/.aws/credentials"
    }

    package static func configPath(_ environment: [String: String]) -> String {
        environment["AWS_CONFIG_FILE"] ?? "\(environment["HOME"] ?? "")/.aws/config"
    }

    package var finding: Finding {
        if chosen == nil, let found = inEnvironment { return found }
        if let found = inFiles { return found }
        // With a profile by name, nobody else is meant.
        if chosen == nil, let found = atEndpoint { return found }
        return .missing(why: lookedFor)
    }

    private var inEnvironment: Finding? {
        guard let id = environment["AWS_ACCESS_KEY_ID"] else { return nil }
        guard let secret = environment["AWS_SECRET_ACCESS_KEY"] else {
            return .missing(why: "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not")
        }
        return .found(
            Identity(
                accessKeyId: id,
                credential: SigningCredential(
                    secret: secret, sessionToken: environment["AWS_SESSION_TOKEN"],
                    expires: Self.moment(environment["AWS_CREDENTIAL_EXPIRATION"])), region: region))
    }

    private var inFiles: Finding? {
        for file in [credentials, config] {
            if let id = file.value("aws_access_key_id", of: profile) {
                guard let secret = file.value("aws_secret_access_key", of: profile) else {
                    return .missing(why: "profile \(profile) has an aws_access_key_id and no aws_secret_access_key")
                }
                let token = file.value("aws_session_token", of: profile)
                return .found(
                    Identity(
                        accessKeyId: id, credential: SigningCredential(secret: secret, sessionToken: token),
                        region: region))
            }
            if let command = file.value("credential_process", of: profile) {
                guard let words = CommandWords.split(command), !words.isEmpty else {
                    return .missing(
                        why: "credential_process of profile \(profile) is no command: a quote is not closed")
                }
                return .process(words, region: region)
            }
        }
        return needsHelp.map(Finding.missing)
    }

    /// What a profile says that only the AWS CLI can do.
    private var needsHelp: String? {
        let told = ["sso_session", "sso_start_url", "role_arn", "web_identity_token_file", "login_session"].first {
            config.value($0, of: profile) != nil || credentials.value($0, of: profile) != nil
        }
        return told.map {
            "profile \(profile) has \($0), which takes the AWS CLI: run "
                + "`aws configure export-credentials --profile \(profile) --format env` and start again with what it says, "
                + "or name a profile with `credential_process = aws configure export-credentials --profile \(profile)`"
        }
    }

    private var atEndpoint: Finding? {
        let url: String
        if let path = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] {
            url = "http://169.254.170.2\(path)"
        } else if let full = environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] {
            url = full
        } else {
            return nil
        }
        if let file = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] {
            return .endpointWithFile(url, file: file, region: region)
        }
        return .endpoint(url, authorization: environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"], region: region)
    }

    private var lookedFor: String {
        let files = "profile \(profile) in \(Self.credentialsPath(environment)) and \(Self.configPath(environment))"
        if chosen != nil { return "no keys and no credential_process in \(files)" }
        return "looked for AWS_ACCESS_KEY_ID in the environment, \(files) (keys or credential_process), and "
            + "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or AWS_CONTAINER_CREDENTIALS_FULL_URI"
    }

    // MARK: What a process or an endpoint says

    /// `{"Version": 1, "AccessKeyId": …, "SecretAccessKey": …, "SessionToken": …, "Expiration": …}`; an endpoint says
    /// `Token`. Nil when it is nothing like that.
    package static func identity(_ document: [UInt8], region: String?) -> Identity? {
        guard let value = try? Value.parse(document), let id = value["AccessKeyId"]?.text,
            let secret = value["SecretAccessKey"]?.text, !id.isEmpty, !secret.isEmpty
        else { return nil }
        let token = value["SessionToken"]?.text ?? value["Token"]?.text
        return Identity(
            accessKeyId: id,
            credential: SigningCredential(
                secret: secret, sessionToken: token, expires: moment(value["Expiration"]?.text)), region: region)
    }

    /// A moment that nobody can read is none: they are asked for again when the other side refuses them.
    private static func moment(_ text: String?) -> Instant? {
        text.flatMap { Instant(rfc3339: Array($0.utf8)) }
    }
}
