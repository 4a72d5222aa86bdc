import Fields
import Library

/// Credentials and users: who may call.
extension Database {
    func readCredentials(_ mistakes: RowMistakes) throws(DatabaseError) -> [Credential] {
        try rows(of: "credentials", "access_key_id, secret_access_key, session_token, expires, deny", mistakes) { row in
            guard let key = row.needed(3, row.text(3)), let secret = row.needed(4, row.text(4)) else { return nil }
            var credential = Credential(accessKeyId: key, secretAccessKey: secret)
            credential.sessionToken = row.text(5)
            credential.expires = row.text(6)
            credential.deny = row.texts(7)
            return credential
        }
    }

    func writeCredentials(_ credentials: [Credential]) throws(DatabaseError) {
        let insert = try statement(
            """
            INSERT INTO credentials (position, access_key_id, secret_access_key, session_token, expires, deny)
            VALUES (?, ?, ?, ?, ?, ?)
            """)
        for (index, credential) in credentials.enumerated() {
            try insert.run(
                RowPosition.written(index), .text(credential.accessKeyId), .text(credential.secretAccessKey),
                Datum(credential.sessionToken), Datum(credential.expires), Datum(credential.deny))
        }
    }

    func readUsers(_ mistakes: RowMistakes) throws(DatabaseError) -> [User] {
        try rows(of: "users", "username, password, client_id, client_secret, groups, scopes, redirect_uris", mistakes) {
            row in
            guard let name = row.needed(3, row.text(3)) else { return nil }
            var user = User(username: name)
            user.password = row.text(4)
            user.clientId = row.text(5)
            user.clientSecret = row.text(6)
            user.groups = row.texts(7)
            user.scopes = row.texts(8)
            user.redirectUris = row.texts(9)
            return user
        }
    }

    func writeUsers(_ users: [User]) throws(DatabaseError) {
        let insert = try statement(
            """
            INSERT INTO users (position, username, password, client_id, client_secret, groups, scopes, redirect_uris)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """)
        for (index, user) in users.enumerated() {
            try insert.run(
                RowPosition.written(index), .text(user.username), Datum(user.password), Datum(user.clientId),
                Datum(user.clientSecret), Datum(user.groups), Datum(user.scopes), Datum(user.redirectUris))
        }
    }
}
