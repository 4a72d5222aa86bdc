/// A library knows keys, not users: the key stands for the user, or for the session of a role.
package enum CallerARN {
    package static func text(accessKeyId: String, isTemporary: Bool, account: String) -> String {
        isTemporary
            ? "arn:aws:sts::\(account):assumed-role/understudy/\(accessKeyId)"
            : "arn:aws:iam::\(account):user/\(accessKeyId)"
    }
}
